"""The profile as a YAML file that explains itself: every key with its meaning, what nobody declared left empty."""

from __future__ import annotations

from typing import Any

import yaml

from assistant.register.facts.profile import FLAGS, Profile
from assistant.texts import say, texts

_ONLY_IF_SET = ("workspace", "elements", "conditions", "own_papers")


def profile_text(profile: Profile, lang: str) -> str:
    """The file's text; reading it back gives the same profile."""
    values = profile.model_dump()
    lines = [f"# {say('profile.head', lang)}"]
    for key in Profile.model_fields:
        if key in _ONLY_IF_SET and not values.get(key):
            continue
        about = f"about.{key}" if f"about.{key}" in texts("profile", lang) else f"ask.{key}"
        lines += ["", f"# {say(f'profile.{about}', lang)}"]
        if key == "scope":
            lines.append("scope:")
            for flag in FLAGS:
                lines += [f"  # {say(f'profile.ask.{flag}', lang)}", f"  {_written(flag, values['scope'][flag])}"]
        else:
            lines.append(_written(key, values.get(key)))
    return "\n".join(lines) + "\n"


def _written(key: str, value: Any) -> str:
    if value is None:
        return f"{key}:"
    lists = {k: list(v) for k, v in value.items()} if key == "elements" else value
    plain = list(value) if isinstance(value, tuple) else lists
    text: str = yaml.safe_dump({key: plain}, allow_unicode=True, sort_keys=False, default_flow_style=False, width=1_000)
    return text.rstrip()
