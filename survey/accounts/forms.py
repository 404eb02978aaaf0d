"""The forms of accounts: signing in, one's own account, invitations, and starting an organisation."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, PasswordField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from survey.categories import MEMBER_KINDS
from survey.forms import Address, CompanyNumber, Form, Link, Name, choices_of
from survey.people.accounts import PasswordError, check_password

FAULTS_OF_PASSWORDS = {
    "short": _("Use at least 12 characters. A few words in a row are easy to remember."),
    "long": _("Use at most 200 characters."),
    "breached": _("This password is in lists of stolen ones, so others will try it. Choose another."),
    "about_you": _("This is your e-mail address again. Choose something nobody can guess."),
}


class CodeForm(Form):
    """A code of an authenticator app, or a recovery code."""

    code = StringField(
        _("Code"),
        [InputRequired(_("Write the code.")), Length(max=20)],
        description=_("Six digits from your app, or a recovery code."),
    )


class PasskeyForm(Form):
    """What a browser says about a passkey, as JSON that a script fills in."""

    credential = HiddenField()
    name = StringField(_("Name of the passkey"), [Length(max=60)])


class NewPasswordForm(Form):
    """A password to be; the view says for which address."""

    password = PasswordField(
        _("New password"),
        [InputRequired(_("Choose a password."))],
        description=_("At least 12 characters. A few words in a row are fine."),
    )
    again = PasswordField(_("The same password once more"), [InputRequired(_("Write the password again."))])

    def password_fits(self, email: str) -> bool:
        """Say whether the password can be taken for this address; what is wrong stands at the field."""
        if self.again.data != self.password.data:
            self.refuse("again", _("The two passwords are not the same."))
            return False
        try:
            check_password(email, self.typed("password"))
        except PasswordError as fault:
            self.refuse("password", FAULTS_OF_PASSWORDS[fault.fault])
            return False
        return True


class OwnPasswordForm(NewPasswordForm):
    """A new password, by whoever knows the present one."""

    present = PasswordField(_("Present password"), [InputRequired(_("Write your present password."))])


class PresentPasswordForm(Form):
    """The password once more, before what a thief at an open browser would like to change."""

    present = PasswordField(_("Your password"), [InputRequired(_("Write your present password."))])


class AddressForm(Form):
    """The address of somebody who has forgotten the password."""

    email = StringField(_("E-mail address"), [InputRequired(_("Write your e-mail address.")), Address()])


class DoorForm(Form):
    """The address of somebody who applies for an organisation."""

    contact = StringField(
        _("Your e-mail address at the organisation"),
        [InputRequired(_("Write your e-mail address.")), Address()],
        description=_("We write to it now with a link, and later with the answer."),
    )
    # Nobody sees this field; a machine that fills in whatever there is gives itself away.
    website = StringField(_("Leave this field empty"))


class StartForm(Form):
    """An organisation that wants to start."""

    name = StringField(
        _("Name of the organisation"),
        [
            InputRequired(_("Write the organisation's name.")),
            Length(2, 200, _("Use 2 to 200 characters.")),
            Name(),
        ],
    )
    cvr = StringField(
        _("CVR number"),
        [InputRequired(_("Write the CVR number.")), CompanyNumber()],
        description=_("Eight digits. You find it on datacvr.virk.dk."),
    )
    area = RadioField(_("Area"), [InputRequired(_("Choose an area."))])

    def told(self) -> dict[str, str]:
        """Return what was typed, by its names in `survey/people/applying.py:Applied`."""
        return {name: self.typed(name) for name in ("name", "cvr", "area")}


class MemberForm(StartForm):
    """A nationwide organisation that wants to be a member."""

    kind = SelectField(_("What kind of organisation"), choices=choices_of(MEMBER_KINDS))
    reach = TextAreaField(
        _("Whom you speak for, and where in the country"),
        [
            DataRequired(_("Write whom you speak for.")),
            Length(max=1000, message=_("Use at most 1000 characters.")),
        ],
        description=_("The alliance is for organisations that are nationwide."),
    )
    website = StringField(_("Your website (if you have one)"), [Link()])

    def told(self) -> dict[str, str]:
        """Return what was typed, with what is asked of members."""
        return {
            **super().told(),
            **{name: self.typed(name).strip() for name in ("kind", "website", "reach")},
        }


class InvitePersonForm(Form):
    """Somebody to be given a role."""

    email = StringField(_("E-mail address"), [InputRequired(_("Write an e-mail address.")), Address()])
    role = SelectField(_("Role"))
    language = RadioField(_("Language of the mail"), default="da")
