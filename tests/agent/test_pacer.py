from pomost.agent.pacer import LOST_AFTER_MS, SMALL_BYTES, SMALL_FRAMES_MAX, Pacer

BIG = SMALL_BYTES * 4


def test_nothing_in_flight_holds_nothing_up() -> None:
    assert Pacer().wait_ms(0) == 0


def test_a_large_first_frame_is_waited_for() -> None:
    pacer = Pacer()
    pacer.sent(1, BIG, 100)
    assert pacer.wait_ms(130) is None
    pacer.acknowledged(1, 140)
    assert pacer.wait_ms(140) == 0


def test_half_of_the_last_flight_later_the_next_large_frame_may_follow() -> None:
    pacer = Pacer()
    pacer.sent(1, BIG, 0)
    pacer.acknowledged(1, 80)
    pacer.sent(2, BIG, 100)
    assert pacer.wait_ms(100) == 40
    assert pacer.wait_ms(140) == 0
    pacer.sent(3, BIG, 140)
    assert pacer.wait_ms(200) is None


def test_letters_do_not_wait_for_each_other() -> None:
    pacer = Pacer()
    for number in range(SMALL_FRAMES_MAX - 1):
        pacer.sent(number, 300, number)
        assert pacer.wait_ms(number) == 0


def test_even_small_frames_are_not_sent_without_end() -> None:
    pacer = Pacer()
    for number in range(SMALL_FRAMES_MAX):
        pacer.sent(number, 1, 0)
    assert pacer.wait_ms(1) is None


def test_an_acknowledgement_stands_for_all_frames_before_it() -> None:
    pacer = Pacer()
    for number in (1, 2, 3):
        pacer.sent(number, BIG, 0)
    pacer.acknowledged(3, 50)
    assert pacer.wait_ms(50) == 0


def test_an_acknowledgement_of_a_frame_never_sent_changes_nothing() -> None:
    pacer = Pacer()
    pacer.sent(1, BIG, 0)
    pacer.acknowledged(99, 10)
    assert pacer.wait_ms(20) is None


def test_a_viewer_that_acknowledges_nothing_does_not_freeze_the_picture() -> None:
    pacer = Pacer()
    pacer.sent(1, BIG, 0)
    assert pacer.wait_ms(LOST_AFTER_MS + 1) == 0
