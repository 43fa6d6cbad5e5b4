//! Data of the reader's own, with a lab that takes numbers, one a line.

use clock::Instant;
use labs::{About, Action, AnyRun, Chart, Event, Frame, Kind, Knob, Lab, Run, Scene, Tape};

use super::world;
use crate::data::{LARGEST, take};

/// Arrivals as they were given; the log repeats them.
#[derive(Clone)]
struct Given {
    left: Vec<u64>,
}

/// Milliseconds at which something arrives.
#[derive(Clone, Debug, Default, PartialEq)]
struct Arrivals(Vec<u64>);

impl Lab for Given {
    type Params = Arrivals;

    const ABOUT: About = About {
        id: "given",
        title: "Given",
        summary: "What arrives is what was given.",
        section: "0",
        subject: "Request",
        duration: core::time::Duration::from_secs(10),
        poster: core::time::Duration::ZERO,
    };
    const KNOBS: &'static [Knob<Arrivals>] = &[];
    const ACTIONS: &'static [Action] = &[];
    const KINDS: &'static [Kind] = &[];
    const TAKES: Option<&'static str> = Some("milliseconds, one a line");
    const CHARTS: &'static [Chart] = &[];

    fn new(params: &Arrivals, _seed: u64) -> Self {
        let mut left = params.0.clone();
        left.reverse();
        Self { left }
    }

    fn next_at(&self) -> Option<Instant> {
        self.left.last().map(|&millis| Instant::from_millis(millis))
    }

    fn step(&mut self, tape: &mut Tape) {
        if let Some(millis) = self.left.pop() {
            tape.event(Event {
                at: Instant::from_millis(millis),
                cause: None,
                kind: 0,
                subject: 0,
                value: 0.0,
            });
        }
    }

    fn act(&mut self, _now: Instant, _action: usize, _tape: &mut Tape) {}

    fn frame(&self, _now: Instant, _tape: &Tape) -> Frame {
        Frame {
            scene: Scene::default(),
            counters: Vec::new(),
            summary: String::new(),
        }
    }

    fn load(params: &mut Arrivals, text: &str) -> Result<String, String> {
        let read: Result<Vec<u64>, _> = text.lines().map(|line| line.trim().parse()).collect();
        let read = read.map_err(|_| "This is not a list of milliseconds.".to_owned())?;
        let understood = format!("{} arrivals were read.", read.len());
        *params = Arrivals(read);
        Ok(understood)
    }

    fn describe(_event: &Event) -> String {
        "something arrives".to_owned()
    }
}

fn run() -> Run<Given> {
    Run::new(Arrivals::default(), 1)
}

#[test]
fn what_is_given_is_what_runs_and_the_sentence_says_what_was_understood() {
    let mut run = run();
    let said = take(&mut run, "\u{feff}100\r\n2500\n".as_bytes());
    assert_eq!(said.as_deref(), Ok("2 arrivals were read."));
    AnyRun::seek(&mut run, Instant::from_millis(2_500));
    assert_eq!(run.tape().events().len(), 2);
}

#[test]
fn what_cannot_be_used_is_refused_in_a_sentence_and_changes_nothing() {
    let mut run = run();
    take(&mut run, b"100\n200").expect("two arrivals");
    AnyRun::seek(&mut run, Instant::from_millis(150));
    let huge = vec![b'1'; LARGEST + 1];
    let cases: [(&[u8], &str); 6] = [
        (b"100\nsoon", "not a list"),
        (b"", "no data"),
        (b" \r\n\t", "no data"),
        (b"\x89PNG\r\n\x1a\n\xff", "binary"),
        (b"100\0\x32\x00", "binary"),
        (&huge, "10 MB"),
    ];
    for (bytes, says) in cases {
        let told = take(&mut run, bytes).expect_err("it cannot be used");
        assert!(told.contains(says), "{told}");
        assert_eq!(run.tape().events().len(), 1);
        assert_eq!(AnyRun::now(&run), Instant::from_millis(150));
    }
    let told = take(&mut run, &huge[..LARGEST]).expect_err("read, and no number");
    assert!(told.contains("not a list"), "{told}");
}

#[test]
fn a_lab_that_takes_no_data_says_so_and_goes_on() {
    let mut world = world();
    if world.run().takes().is_some() {
        return;
    }
    assert_eq!(
        world.load(b"100"),
        Err("This lab takes no data.".to_owned())
    );
    assert!(!world.own_data() && world.note().is_none());
}
