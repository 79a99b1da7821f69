"""What administrators set on the pages is what is in force."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from orchestrator.database.connection import open_database
from orchestrator.database.models import Tenant
from orchestrator.database.users import add_user
from orchestrator.store.configurations import RedisConfigurations
from tests.e2e.pages import Workplace
from tests.support.real_centre import TENANT

PASSWORD = "only-in-this-test"


@pytest.fixture
def settings(place: Workplace) -> Iterator[Page]:
    """The form of a new queue, as an administrator sees it."""
    with open_database(place.centre.database_url).connection_context():
        add_user("admin", PASSWORD, "admin", "Admin", Tenant.get(Tenant.id == TENANT))
    with place.visit("/settings/queues/new") as page:
        place.log_in(page, "admin", PASSWORD)
        page.get_by_label("Name", exact=True).wait_for()
        yield page


def test_a_queue_is_made_on_its_page_and_in_force(place: Workplace, settings: Page) -> None:
    """QUEUE-1, QUEUE-5: announcements without pieces are refused at their field; without them the queue is in force."""
    settings.get_by_label("Name", exact=True).fill("Night")
    position = settings.get_by_role("switch", name="Tell the position")
    position.press("Space")
    settings.get_by_role("button", name="Save").click()
    settings.get_by_text("prepare them under Announcement pieces first").first.wait_for()
    position.press("Space")
    settings.get_by_role("button", name="Save").click()
    settings.wait_for_url("**/settings/queues")
    config = RedisConfigurations(place.centre.redis).tenant(TENANT)
    assert config is not None
    (night,) = [queue for queue in config.queues.values() if queue.name == "Night"]
    assert not night.announce_position
