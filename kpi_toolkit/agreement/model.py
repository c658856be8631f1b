"""The ground of every agreed thing: frozen, no unknown keys, and all faults of a file in one error."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Self, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, ModelWrapValidatorHandler, ValidationError, model_validator
from pydantic_core import ErrorDetails, InitErrorDetails, PydanticCustomError

from kpi_toolkit.agreement.document import Document, Place, quoted
from kpi_toolkit.errors import nearest
from kpi_toolkit.i18n import Text

# A fault of something inside a value, with its place there.
At = tuple[Place, Text]


class Agreed(BaseModel):
    """Something that was agreed: frozen; an unknown key is a fault."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, str_strip_whitespace=True)

    @classmethod
    def misfits(cls, given: Mapping[str, object]) -> Sequence[At]:
        """What is wrong among the fields as `given`, which may hold anything; told beside each field's own faults."""
        return ()

    @model_validator(mode="wrap")
    @classmethod
    def _with_its_misfits(cls, value: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        faults = cls.misfits(value) if isinstance(value, dict) else ()
        try:
            found = handler(value)
        except ValidationError as raised:
            if faults:
                raise _together(raised, faults) from None
            raise
        if faults:
            raise wrong(*faults)
        return found


M = TypeVar("M", bound=Agreed)


def wrong(*faults: Text | At) -> PydanticCustomError:
    """What a validator raises: one fault or several, in both languages, each of the value or of a place inside it."""
    placed = [fault if isinstance(fault, tuple) else ((), fault) for fault in faults]
    return PydanticCustomError("agreed", "{en}", {"en": "; ".join(one.say("en") for _, one in placed), "told": placed})


def _together(raised: ValidationError, faults: Sequence[At]) -> ValidationError:
    """`raised` with `faults` of the same value beside it."""
    lines = [_line(detail) for detail in raised.errors(include_url=False)]
    lines.append(InitErrorDetails(type=wrong(*faults), loc=(), input=None))
    return ValidationError.from_exception_data(raised.title, lines)


def _line(detail: ErrorDetails) -> InitErrorDetails:
    context = detail.get("ctx", {})
    kind = PydanticCustomError("agreed", "{en}", context) if detail["type"] == "agreed" else detail["type"]
    return InitErrorDetails(type=kind, loc=detail["loc"], input=detail["input"], ctx=context)


def agreed(kind: type[M], document: Document, **given: object) -> M:
    """The document as a `kind`; `given` are fields that the file doesn't write or may leave to a default.

    Raises AgreementError with all faults of the file: those of its YAML and those of its values.
    """
    faults = list(document.faults)
    try:
        found = kind.model_validate({**given, **document.data})
    except ValidationError as raised:
        details = [one for one in raised.errors(include_url=False) if not document.is_refused(_judged(one))]
        faults += [document.fault(place, text) for detail in details for place, text in _told(kind, detail)]
    if faults:
        raise document.error(faults)
    return found


def _judged(detail: ErrorDetails) -> Place:
    """The place of the value that a fault is of: of the mapping where a key in it is unknown."""
    return detail["loc"][:-1] if detail["type"] == "extra_forbidden" else detail["loc"]


def _told(kind: type[Agreed], detail: ErrorDetails) -> Sequence[At]:
    own: Sequence[At] = detail.get("ctx", {}).get("told") or [((), _in_both_languages(kind, detail))]
    return [((*detail["loc"], *place), text) for place, text in own]


def _in_both_languages(kind: type[Agreed], detail: ErrorDetails) -> Text:
    context = detail.get("ctx", {})
    if detail["type"] == "extra_forbidden":
        return _unknown_key(str(detail["loc"][-1]), fields_at(kind, detail["loc"][:-1]))
    if detail["type"] == "literal_error":
        return not_allowed(detail["input"], context["expected"].replace(" or ", ", ").replace("'", ""))
    if words := _WORDS.get(detail["type"]):
        return words(context, detail["input"])
    return Text(zh="{message}", en="{message}").fill(message=detail["msg"])


def _unknown_key(key: str, known: list[str]) -> Text:
    words = Text(zh="沒有這個欄位；最接近的：{names}", en="unknown key; did you mean: {names}")
    return words.fill(names=", ".join(nearest(key, known) or known))


def not_allowed(value: object, names: str) -> Text:
    """The fault of a value that isn't among the `names` (written a, b, c)."""
    words = Text(zh="不能是 {value}；可用：{names}", en="can't be {value}; use {names}")
    return words.fill(value=quoted(value), names=names)


def _plain(zh: str, en: str) -> Callable[[Mapping[str, Any], object], Text]:
    return lambda context, value: Text(zh=zh, en=en).fill(value=quoted(value), limit=next(iter(context.values()), ""))


_NUMBER = _plain("不是數字：{value}", "not a number: {value}")
_WORDS: Mapping[str, Callable[[Mapping[str, Any], object], Text]] = {
    "missing": _plain("缺少這個欄位", "is missing"),
    "float_parsing": _NUMBER, "float_type": _NUMBER, "int_parsing": _NUMBER, "int_type": _NUMBER,
    "int_from_float": _NUMBER, "finite_number": _NUMBER, "int_parsing_size": _NUMBER,
    "greater_than": _plain("必須大於 {limit}，不能是 {value}", "has to be more than {limit}, not {value}"),
    "greater_than_equal": _plain("不能小於 {limit}（現在是 {value}）", "can't be less than {limit} (it is {value})"),
    "less_than_equal": _plain("不能大於 {limit}（現在是 {value}）", "can't be more than {limit} (it is {value})"),
    "string_type": _plain("應該是一段文字", "has to be a text"),
    "string_too_short": _plain("不能空白", "can't be empty"),
    "string_too_long": _plain("超過 {limit} 個字", "is longer than {limit} characters"),
    "too_long": _plain("項目太多", "has too many items"),
    "too_short": _plain("至少要有一項", "needs at least one item"),
    "tuple_type": _plain("應該是清單（每項以 - 開頭）", "has to be a list (each item after a -)"),
    "dict_type": _plain("應該是「名稱: 值」", "has to be `name: value` pairs"),
    "model_type": _plain("應該是「名稱: 值」", "has to be `name: value` pairs"),
}  # fmt: skip


def fields_at(kind: type[BaseModel], place: Place) -> list[str]:
    """The fields of the model that stands at `place` inside `kind`."""
    for part in place:
        if isinstance(part, str) and part in kind.model_fields:
            kind = next(_models(kind.model_fields[part].annotation), kind)
    return [field.alias or name for name, field in kind.model_fields.items()]


def _models(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models(part)
