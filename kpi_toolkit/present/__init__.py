"""How results look and read: theme, formats, charts, tables, sentences, glossary. Nothing is computed here."""
