"""The form of a new account for somebody whom another site has named."""

from allauth.account.adapter import get_adapter
from allauth.socialaccount.forms import SignupForm

from accounts.signup.forms import OwnSignUpForm
from accounts.social.social_adapter import INVITATION


class SocialSignUpForm(OwnSignUpForm, SignupForm):
    """Address and name, as at any sign-up, without a password. The address is confirmed by our own letter."""

    @property
    def invitation(self) -> str:
        """The key that waits in the session since the reader went to the other site."""
        return super().invitation or get_adapter().request.session.get(INVITATION, "")
