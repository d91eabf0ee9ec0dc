"""The page on which a person decides between their text and what others saved meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from events.forms.merging import Merging, Sent, data_of
from events.gate import requires
from events.models import Record, Reviewable
from events.roles import Access
from events.views.addresses import page_of
from events.views.meanwhile import met
from events.views.records import Written

if TYPE_CHECKING:
    from events.forms.records import RecordForm


def forget(request: HttpRequest, response: HttpResponse, addresses: list[str]) -> HttpResponse:
    """Tell the browser that what it keeps for the forms at `addresses` has been dealt with.

    A cookie, because it passes redirects, which headers do not (see static/js/drafts.js).
    """
    listed = "|".join(quote(address, safe="/") for address in addresses if address)
    secure = request.is_secure()
    response.set_cookie("saved", listed[:3500], max_age=300, samesite="Lax", secure=secure)
    return response


class Merged(Written):
    """Answers with the merge page, and remembers which drafts are of no use after saving."""

    def form(self, data: Any = None, **kwargs: Any) -> RecordForm:
        """The noun's form for this dossier."""
        return self.form_class(data, dossier=self.request.dossier, **kwargs)

    def merge_page(self, form: RecordForm, sent: Sent | None = None) -> HttpResponse:
        """Answer a form that met changes of others in the same fields: 409 with both."""
        latest, columns = form.stale.latest, frozenset(form.stale.conflicts)
        sent = sent or Sent.by(form)
        return self.merging_page(
            Merging(self.form_class, self.request.dossier, latest, sent, columns)
        )

    def merging_page(self, merging: Merging, status: int = 409, problem: str = "") -> HttpResponse:
        """The page of `merging`."""
        record = merging.latest
        state = getattr(record, "state", "")
        context = self.context(
            merging=merging,
            record=record,
            meeting=met(merging, self.request.viewer),
            problem=problem,
            makes=record.version + 1,
            merge_url=self.url("merge", record),
            reviewable=bool(state),
            returns_to_draft=state not in ("", "draft"),
            may_part=self.may_part(),
        )
        return self.page("merge", context, status=status)

    def may_part(self) -> bool:
        """Whether a second record beside this one makes sense: of what goes through review, and
        is not the only one of its kind to something else."""
        alone = [rule.fields for rule in self.model._meta.constraints if hasattr(rule, "fields")]
        own = {"dossier", "ref", "id"}
        return issubclass(self.model, Reviewable) and all(set(f) <= own for f in alone)

    def forget(self, response: HttpResponse, addresses: list[str]) -> HttpResponse:
        """See forget()."""
        return forget(self.request, response, addresses)

    def drafts_of(self, record: Record, names: list[str]) -> list[str]:
        """The addresses under which a browser may keep a draft of these fields."""
        fields = [self.url("field", record, name) for name in names]
        return [self.url("merge", record), self.url("edit", record), *fields]


@requires(Access.EDIT)
class Merge(Merged):
    """Save what was decided on the merge page, or keep one's text apart, or drop it."""

    def get(self, request: HttpRequest, ref: str) -> HttpResponse:
        return redirect(self.url("edit", self.record(ref)))

    def post(self, request: HttpRequest, ref: str) -> HttpResponse:
        record, sent = self.record(ref), Sent.of(request.POST)
        if sent.act == "discard":
            messages.success(request, f"Your changes to {ref} are discarded. Nothing was saved.")
            response = redirect(page_of(record))
            return self.forget(response, self.drafts_of(record, list(sent.mine)))
        try:
            merging = Merging(self.form_class, request.dossier, record, sent)
        except LookupError:
            return self.unversioned(record, sent)
        return self.apart(merging) if sent.act == "apart" else self.carry_out(merging)

    def carry_out(self, merging: Merging) -> HttpResponse:
        """Write the fields as decided; the page once more where something is still open."""
        record, sent = merging.latest, merging.sent
        if merging.undecided:
            for row in merging.undecided:
                again = "Somebody saved this field once more. " if row.changed_again else ""
                row.errors.append(f"{again}Choose one of the three, or a text of your own.")
            return self.merging_page(merging, 409 if sent.newest != record.version else 422)
        data, names = merging.decided()
        form = self.form(data, instance=record, only=names)
        if not form.write(by=self.request.user):
            if form.stale is not None:
                return self.merge_page(form, sent)
            merging.refuse(form)
            return self.merging_page(merging, 422, "; ".join(form.non_field_errors()))
        was = merging.latest.ref
        said = f"{was} saved as version {form.record.version}"
        response = self.answer(form.record, said, undo=self.undo_url(form.record))
        return self.forget(response, self.drafts_of(record, list(sent.mine)))

    def apart(self, merging: Merging) -> HttpResponse:
        """Keep one's own text as a record beside this one, which stays as others saved it."""
        record, form = merging.latest, self.form(merging.apart())
        if not self.may_part() or not form.write(by=self.request.user):
            merging.refuse(form)
            problem = "; ".join(form.non_field_errors()) if form.is_bound else ""
            return self.merging_page(merging, 422, problem or "It cannot be kept as a record.")
        said = (
            f"Your text is kept as {form.record.ref}, a draft. {record.ref} stays as it was saved"
        )
        response = self.answer(form.record, said, undo=self.undo_url(form.record))
        return self.forget(response, self.drafts_of(record, list(merging.sent.mine)))

    def unversioned(self, record: Record, sent: Sent) -> HttpResponse:
        """Refuse what does not say what it was made from, on a form that holds the text."""
        form = self.form(data_of(self.form(instance=record)) | sent.mine, instance=record)
        form.write(by=self.request.user)
        context = self.context(form=form, record=record, cancel=page_of(record))
        return self.page("form", context | {"action": self.url("edit", record)}, status=422)
