"""From a client and a month to files: a strict Papermill runner, the page, the sheet, the manifest."""
