"""Who somebody is: a summary of their ratings, and the ways to all else that is about them."""

from nicegui import ui

from movieapp.serving.memory import Profile
from movieapp.serving.profiles import UserSummary
from movieapp.ui.figures import day, figure
from movieapp.ui.notices import loaded, notice, skeleton_lines, text_button, when_ready
from movieapp.ui.people import ProfileForm, choose_viewer
from movieapp.ui.services import Services
from movieapp.ui.theme import frame, h1, heading
from movieapp.ui.viewer import Viewer, avatar, link, viewer

WAYS = (
    ("/library", "Library", "Watchlist, viewings, ratings and notes; each can be changed or undone."),
    ("/you", "Taste in pictures", "What the ratings say, beside what everybody else’s say."),
    ("/import", "Import and export", "Bring films from other services, or take everything along."),
)


def register(services: Services) -> None:
    """Add the page."""

    @ui.page("/profile")
    async def profile_page(user: str | None = None) -> None:
        who = viewer(services, user)
        with frame(services, "Profile", who):
            await when_ready(services, lambda: _content(services, who))


async def _content(services: Services, who: Viewer) -> None:
    if who.typed is not None:
        notice(f"“{who.typed[:40]}” is not a user number. Use a whole number from 1 on.", kind="problem")
    if who.user_id is None:
        heading("Profile", "Choose whom to look at.")
        choose_viewer(services, path="/profile")
        return
    user_id = who.user_id
    with ui.element("div").classes("heading heading-row"):
        with ui.element("div").classes("profile-title"):
            avatar(who)
            h1(who.title)
        if who.is_known:
            ui.link("To the recommendations", link("/", user=user_id)).classes("button button-quiet")
    if who.is_known:
        await loaded(lambda: services.profiles.user(user_id), _summary, skeleton=lambda: skeleton_lines(4))
    else:
        notice(f"{who.title} has not rated a film yet. Rate one, and the profile begins.")
        ui.link("To the films", link("/", user=user_id)).classes("button button-strong")
    with ui.element("ul").classes("ways"):
        for path, name, sentence in WAYS:
            with ui.element("li"), ui.link(target=link(path, user=user_id)).classes("way panel"):
                ui.label(name).classes("way-name")
                ui.label(sentence).classes("muted small")
    if who.profile is not None:
        _change(services, who.profile)


def _change(services: Services, profile: Profile) -> None:
    """Show the button that opens the form of a profile in its place."""
    box = ui.element("div").classes("profile-change")

    def closed() -> None:
        box.clear()
        with box:
            text_button("Rename, recolor or delete", opened, icon_name="pencil").mark("change-profile")

    def opened() -> None:
        box.clear()
        with box, ui.element("div").classes("panel"):
            ProfileForm(services, profile, path="/profile", on_leave=closed)

    closed()


def _summary(user: UserSummary) -> None:
    with ui.element("dl").classes("figures"):
        figure("Ratings", f"{user.n_ratings:,}")
        figure("Liked (4 stars or more)", f"{user.n_likes:,}")
        figure("Average", "–" if user.mean_rating is None else f"★ {user.mean_rating:.2f}")
        figure("First rating", day(user.first_rated_at))
        figure("Latest rating", day(user.last_rated_at))
    with ui.element("dl").classes("figures figures-text"):
        if user.favourite_genres:
            figure("Likes most", ", ".join(user.favourite_genres[:3]))
        about = [str(x) for x in (user.gender, user.age, user.occupation) if x not in (None, "")]
        if about:
            figure("From the data set", ", ".join(about))
