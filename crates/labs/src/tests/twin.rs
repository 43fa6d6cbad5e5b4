//! A second run beside the first, and looking for the next entry without showing it.

use super::each;
use clock::Instant;

#[test]
fn a_twin_stands_where_its_run_stands_and_ends_as_it_ends() {
    each(|id, mut run| {
        run.seek(Instant::from_millis(6_000));
        run.act(0);
        run.seek(Instant::from_millis(3_000));
        let mut twin = run.twin();
        assert_eq!(twin.frame(), run.frame(), "{id}");
        assert_eq!(twin.tape().events(), run.tape().events(), "{id}");
        assert_eq!((twin.now(), twin.seen()), (run.now(), run.seen()), "{id}");
        let before = run.frame();
        assert_eq!(twin.acted(), run.acted(), "{id}");
        let hash = twin.finish();
        assert_eq!(run.frame(), before, "{id}: each goes its own way");
        assert_eq!(run.finish(), hash, "{id}");
    });
}

#[test]
fn the_next_entry_is_found_unseen_and_is_where_a_step_leads() {
    each(|id, mut run| {
        run.seek(Instant::from_millis(2_000));
        for _ in 0..100 {
            let (now, frame) = (run.now(), run.frame());
            let next = run.next_entry();
            assert_eq!((run.now(), run.seen()), (now, now), "{id}");
            assert_eq!(run.frame(), frame, "{id}");
            if run.step() {
                assert_eq!(next, Some(run.now()), "{id}");
            } else {
                assert_eq!(next, None, "{id}");
            }
        }
        run.finish();
        assert_eq!(run.next_entry(), None, "{id}");
    });
}
