"""freeswitch-conf with mod_callcenter added, for comparisons only; written for one run."""

import shutil
from pathlib import Path

from tests.support.real_switch import CONF

CALLCENTER = """<configuration name="callcenter.conf">
  <settings/>
  <queues>
    <queue name="bench">
      <param name="strategy" value="longest-idle-agent"/>
      <param name="moh-sound" value="$${hold_music}"/>
      <param name="max-wait-time" value="0"/>
      <param name="max-wait-time-with-no-agent" value="0"/>
      <param name="tier-rules-apply" value="false"/>
    </queue>
  </queues>
  <agents>
    <agent name="bench" type="callback" contact="[leg_timeout=20]user/1002@zuoxi.local" status="Available"
           max-no-answer="0" wrap-up-time="0" reject-delay-time="0" busy-delay-time="0" no-answer-delay-time="0"/>
  </agents>
  <tiers>
    <tier agent="bench" queue="bench" level="1" position="1"/>
  </tiers>
</configuration>
"""
EXTENSION = """<context name="public">
  <extension name="callcenter">
    <condition field="destination_number" expression="^7000$">
      <action application="answer"/>
      <action application="callcenter" data="bench"/>
    </condition>
  </extension>
"""


def conf_with_callcenter(folder: Path) -> Path:
    """Copy the configuration to `folder` and add the module, one queue, one agent and the number 7000."""
    shutil.copytree(CONF, folder)
    (folder / "autoload_configs" / "callcenter.conf.xml").write_text(CALLCENTER)
    modules = folder / "autoload_configs" / "modules.conf.xml"
    _replace(modules, "  </modules>", '    <load module="mod_callcenter"/>\n  </modules>')
    _replace(folder / "dialplan" / "10_public.xml", '<context name="public">', EXTENSION)
    return folder


def _replace(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert text.count(old) == 1, f"{path.name} has no single {old!r}"
    path.write_text(text.replace(old, new))
