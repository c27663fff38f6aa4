"""A file that somebody brings: chosen, sent, and handed on with its name."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from nicegui import events, ui

from service.console.deeds import refuse
from service.console.session import Visit
from service.console.theme import plain, put
from service.errors import InvalidInput

Take = Callable[[str, bytes], Awaitable[object]]

_SEND = """(event) => {
  const file = event.target.files[0];
  if (!file) return;
  event.target.value = "";
  if (file.size > MOST) { emit(["large", file.name]); return; }
  emit(["begun", file.name]);
  const body = new FormData();
  body.append("file", file);
  fetch(window.location.origin + PREFIX + ADDRESS, {method: "POST", body})
    .then((answer) => { if (!answer.ok) emit(["lost", file.name]); })
    .catch(() => emit(["lost", file.name]));
}"""


def draw_upload(visit: Visit, label: str, *, accept: str, take: Take) -> None:
    """A button that opens the browser's choice of a file; `take(name, content)` gets it.

    `accept` is what the choice offers first; what a file is, only its content says. One that is too
    large, or that did not arrive, is told at once.
    """
    words = visit.words
    most = visit.container.settings.max_body_bytes
    said = put(ui.element("div"), aria_live="polite", role="status")

    async def arrived(event: events.UploadEventArguments) -> None:
        said.clear()
        try:
            if event.file.size() > most:
                raise InvalidInput(_too_large(visit, event.file.name))
            await take(event.file.name, await event.file.read())
        except Exception as error:
            refuse(visit, error)

    def told(event: events.GenericEventArguments) -> None:
        sent = event.args if isinstance(event.args, list) and len(event.args) == 2 else ["", ""]
        what, name = str(sent[0]), str(sent[1])
        said.clear()
        with said:
            if what == "begun":
                plain(words("uploading.begun", name=name), "p", "soft foreign")
            elif what == "large":
                plain(_too_large(visit, name), "p", "problem foreign")
            elif what == "lost":
                plain(words("uploading.lost", name=name), "p", "problem foreign")

    # The toolkit's own control is only the receiver: it has no label, and its icons need a font.
    receiver = ui.upload(on_upload=arrived, auto_upload=True)
    put(receiver.classes("receiver"), aria_hidden="true")
    script = (
        _SEND.replace("MOST", str(most))
        .replace("ADDRESS", repr(receiver.props["url"]))
        .replace("PREFIX", "(window.path_prefix || '')")
    )
    with ui.element("label").classes("act act-main pick-file"):
        plain(label)
        chooser = put(ui.element("input"), type="file", accept=accept, data_upload="")
        chooser.on("change", told, js_handler=script)


def _too_large(visit: Visit, name: str) -> str:
    megabytes = f"{visit.container.settings.max_body_bytes / 1_000_000:g}"
    return visit.words("uploading.too_large", name=name, megabytes=megabytes)
