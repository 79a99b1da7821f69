"""IVRs: a draft is edited and checked, then published; versions in force before can be put back (IVR-1)."""

from functools import partial

from apiflask import APIBlueprint
from pydantic import BaseModel

from orchestrator.database.configuration import configuration
from orchestrator.database.documents import to_plain
from orchestrator.database.ivrs import Ivrs, IvrSetting, UnknownVersionError
from orchestrator.domain.checks import Place, Problem
from orchestrator.domain.config import TenantConfig
from orchestrator.domain.ivr import tree_problems, with_tree
from orchestrator.service.try_menus import try_menus
from webui.api.configuration.trees import IvrIn, NewIvr, TreeIn, TreeShape, VersionChoice
from webui.api.configuration.trials import TrialIn, TrialOut, trial_out
from webui.errors import NotFoundError
from webui.identity import identity, tenant
from webui.permissions import Permission, requires
from webui.services import services

bp = APIBlueprint("configured_ivrs", __name__, url_prefix="/api/v1/config/ivrs", tag="Configuration")

AREA = Ivrs()


class IvrOut(BaseModel):
    """An IVR: `tree` is the draft, `draft` tells that it differs from version `version`, which is in force."""

    key: str
    name: str
    tree: TreeShape
    draft: bool
    version: int | None


class IvrList(BaseModel):
    """All IVRs."""

    items: list[IvrOut]


class TreeProblem(BaseModel):
    """What is wrong in a tree: `menu` is empty for the tree as a whole.

    `key` is the key pressed, else the field of the menu (otherwise, prompt, invalid_prompt, keys), or empty.
    """

    menu: str
    key: str
    id: str
    message: str


class Findings(BaseModel):
    """Everything that is wrong in a tree; nothing means that it can be published."""

    problems: list[TreeProblem]


class VersionOut(BaseModel):
    """A version: when it was published first (us UTC), and by whom."""

    version: int
    at: int
    by: str
    by_name: str | None
    in_force: bool


class VersionList(BaseModel):
    """All versions, newest first."""

    items: list[VersionOut]


@bp.get("")
@requires(Permission.VIEW_CONFIG)
@bp.output(IvrList)
def index() -> IvrList:
    """List the IVRs."""
    return IvrList(items=[_shown(setting) for setting in AREA.all(tenant())])


@bp.post("")
@requires(Permission.EDIT_CONFIG)
@bp.input(NewIvr)
@bp.output(IvrOut, status_code=201)
def add(json_data: NewIvr) -> IvrOut:
    """Add an IVR with its first draft; no caller hears it until it is published."""
    return _put(json_data.key, json_data, new=True)


@bp.get("/<key>")
@requires(Permission.VIEW_CONFIG)
@bp.output(IvrOut)
def show(key: str) -> IvrOut:
    """Show an IVR."""
    return _shown(_existing(key))


@bp.put("/<key>")
@requires(Permission.EDIT_CONFIG)
@bp.input(IvrIn)
@bp.output(IvrOut)
def change(key: str, json_data: IvrIn) -> IvrOut:
    """Save the draft, finished or not; what is in force stays."""
    return _put(key, json_data)


@bp.delete("/<key>")
@requires(Permission.EDIT_CONFIG)
@bp.output({}, status_code=204)
def remove(key: str) -> str:
    """Delete an IVR with all versions; refused with 409 while something leads to one of its menus."""
    with services().editor.change(AREA, tenant(), key, identity().id):
        AREA.remove(tenant(), key)
    return ""


@bp.post("/<key>/check")
@requires(Permission.VIEW_CONFIG)
@bp.input(TreeIn)
@bp.output(Findings)
def check(key: str, json_data: TreeIn) -> Findings:
    """Tell what is wrong in a tree, saved or not."""
    _existing(key)
    found = tree_problems(configuration(tenant()), key, json_data.tree.domain())
    return Findings(problems=[_told(problem) for problem in found])


@bp.post("/<key>/try")
@requires(Permission.VIEW_CONFIG)
@bp.input(TrialIn)
@bp.output(TrialOut)
def try_out(key: str, json_data: TrialIn) -> TrialOut:
    """Tell what a caller hears of a tree, saved or not, and where the keys lead; nobody is called."""
    _existing(key)
    work, tree = services().use_cases().work, json_data.tree.domain()
    config = with_tree(configuration(tenant()), key, tree)
    return trial_out(try_menus(config, work.store, work.clock.now(), f"{key}.{tree.first}", json_data.keys))


@bp.post("/<key>/publish")
@requires(Permission.EDIT_CONFIG)
@bp.output(IvrOut)
def publish(key: str) -> IvrOut:
    """Put the draft into force for the next call; refused with 422 while something is wrong in it."""
    with services().editor.change(AREA, tenant(), key, identity().id, also=partial(_faults, key)) as now:
        AREA.publish(tenant(), key, identity().id, now)
    return _shown(_existing(key))


@bp.get("/<key>/versions")
@requires(Permission.VIEW_CONFIG)
@bp.output(VersionList)
def versions(key: str) -> VersionList:
    """List the versions that were published."""
    in_force, found = _existing(key).version, AREA.versions(tenant(), key)
    people = services().names.people(tenant(), {version.who for version in found})
    return VersionList(
        items=[
            VersionOut(
                version=version.number,
                at=version.at,
                by=version.who,
                by_name=people.get(version.who),
                in_force=version.number == in_force,
            )
            for version in found
        ]
    )


@bp.post("/<key>/roll-back")
@requires(Permission.EDIT_CONFIG)
@bp.input(VersionChoice)
@bp.output(IvrOut)
def roll_back(key: str, json_data: VersionChoice) -> IvrOut:
    """Put a version into force again; the draft follows unless it holds unpublished changes. 404 if there is none."""
    try:
        with services().editor.change(AREA, tenant(), key, identity().id):
            AREA.roll_back(tenant(), key, json_data.version)
    except UnknownVersionError as error:
        raise NotFoundError from error
    return _shown(_existing(key))


def _put(key: str, entered: IvrIn, *, new: bool = False) -> IvrOut:
    setting = IvrSetting(key=key, name=entered.name, tree=entered.tree.domain())
    with services().editor.change(AREA, tenant(), key, identity().id, new=new, also=lambda _: _taken(setting)):
        AREA.put(tenant(), setting)
    return _shown(_existing(key))


def _faults(key: str, config: TenantConfig) -> list[Problem]:
    """What is wrong in the draft."""
    return tree_problems(config, key, _existing(key).tree)


def _taken(setting: IvrSetting) -> list[Problem]:
    place, others = Place(AREA.name, setting.key, "name"), AREA.all(tenant())
    taken = any(other.name == setting.name for other in others if other.key != setting.key)
    return [place.problem("name_taken", setting.name)] if taken else []


def _existing(key: str) -> IvrSetting:
    found = AREA.find(tenant(), key)
    if found is None:
        raise NotFoundError
    return found


def _shown(setting: IvrSetting) -> IvrOut:
    return IvrOut(
        key=setting.key,
        name=setting.name,
        tree=TreeShape(**to_plain(setting.tree)),
        draft=setting.draft,
        version=setting.version,
    )


def _told(problem: Problem) -> TreeProblem:
    """Find menu and key in a field such as `menus.main.keys.1.target`."""
    _, menu, what, key, *_ = [*problem.field.split("."), "", "", ""]
    return TreeProblem(
        menu=menu,
        key=key if what == "keys" and key else what,
        id=problem.id,
        message=services().editor.text(problem),
    )
