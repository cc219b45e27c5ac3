"""What nobody has foreseen in the compiled fold is an error like any other, and not the end of a worker."""

import pytest

compiled = pytest.importorskip("hubbub_compiled")


def test_a_panic_is_an_error_that_says_where(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(RuntimeError, match=r"compiled fold, src/labels/trial\.rs:\d+: so be it"):
        compiled.Trial.fail("so be it")
    assert not any(capfd.readouterr())
