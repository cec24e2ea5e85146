"""The screen of a register's names: each kind with the argument that takes it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from residency import Register, load_register
from residency.files import register_of
from residency.report.choices import choices, lines
from residency.report.layout import columns
from residency.strategies import registers
from support import REGISTER, SMALL_REGISTER

REGISTERS = Path(__file__).parents[2] / "registers"

LIVEAGENT = """\
regions of liveagent (4), for --agreed-region
  EU  European Union  places: EU
  SG  Singapore       places: SG
  UK  United Kingdom  places: GB
  US  United States   places: US
features of liveagent (1), for --feature
  voip  calls over the VoIP provider  off by default
consents of liveagent (1), for --consent
  subcontractor-access  subcontractors may access the customer's data
agreements of liveagent (1), for --agreement
  data-processing-agreement  a data processing agreement between the customer …
sub-processors of liveagent (7), for --objection, --why
  aws                   Amazon Web Services, LLC                    hosting
  linode                Linode, LLC                                 hosting
  quality-unit-llc      Quality Unit, LLC                           service
  quality-unit-ukraine  Quality Unit Ukraine                        service
  subcontractors        subcontractors for customer care (unnamed)  support
  twilio                Twilio, Inc.                                service
  websupport            Websupport, s.r.o.                          hosting"""


def test_the_names_of_the_bundled_register_on_one_screen() -> None:
    """Each kind that it has."""
    assert LIVEAGENT == "\n".join(lines(REGISTER, 80))


def test_an_attribute_shows_all_of_its_values() -> None:
    """They are what its argument takes, so none is cut; data categories are asked about by --data."""
    text = list(lines(load_register(REGISTERS / "37signals.toml"), 60))
    start = text.index("attributes of 37signals (1), for --attribute")
    assert [
        "  product  the product that the tenant uses",
        "    values: basecamp, hey, highrise, campfire, backpack",
        "data categories of 37signals (1), for --data",
        "  content  content, which people look at only with …",
    ] == text[start + 1 : start + 5]


def test_a_place_that_is_not_stated_is_said_to_be_so() -> None:
    """An empty column would look like a place that is nowhere."""
    basis = {"basis": ["1"]}
    content = {
        **SMALL_REGISTER,
        "regions": [{"id": "A", "name": "Somewhere", **basis}],
        "placement": {"rule": "fixed", "region": "A", **basis},
        "sub_processors": [{"id": "x", "name": "X", "engagements": [{"activity": "hosting", "purpose": "p", **basis}]}],
    }
    text = list(lines(register_of(content, "small"), 80))
    assert ["regions of small (1), for --agreed-region", "  A  Somewhere  place not stated"] == text[:2]


def test_the_names_as_json() -> None:
    """Everything that the screen shows, and nothing cut."""
    stored = json.loads(json.dumps(choices(REGISTER)))
    assert (1, "liveagent") == (stored["format"], stored["register"])
    voip = {"id": "voip", "name": "calls over the VoIP provider", "default": "off"}
    assert {"argument": "--feature", "names": [voip]} == stored["features"]
    assert {"argument": "--attribute", "names": []} == stored["attributes"]
    assert {"id": "EU", "name": "European Union", "places": ["EU"]} == stored["regions"]["names"][0]
    assert list(REGISTER.sub_processors) == [row["id"] for row in stored["sub_processors"]["names"]]
    assert [] == stored["data_categories"]["names"]


@pytest.mark.slow
@given(registers(), st.sampled_from((40, 60, 80, 200)))
def test_no_line_is_wider_than_the_terminal(register: Register, width: int) -> None:
    """Of any register; a place that is not stated is said to be so."""
    text = list(lines(register, width))
    assert [line for line in text if columns(line) > width] == []
    unstated = [name for name in register.regions if register.region(name).places is None]
    assert len(unstated) == sum("place not stated" in line for line in text)
