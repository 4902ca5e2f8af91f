"""Settings: what is computed from them."""

import pytest

from shadowhound_memory.settings import Settings


@pytest.mark.parametrize("robot_id", ["go2", "a/b", "../../elsewhere", "..", ".", "/root", "Jörg ☕"])
def test_each_robot_has_one_folder_below_the_data_directory(robot_id: str) -> None:
    directory = Settings(robot_id=robot_id).directory
    assert directory.resolve().parent == Settings(robot_id="robot").directory.parent
    assert directory.name not in ("", ".", "..")
