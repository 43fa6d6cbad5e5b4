//! Links and command lines: what goes out comes back, and nothing that comes in does harm.

use clock::Instant;

use super::world;
use crate::setup::{Attributes, Setup};
use crate::share::{LONGEST, command_line, decode, encode, file_name, link, migrate, read};
use crate::world::{Command, NORMAL, Pace, Side, World};

/// A world in which everything differs from what the page asked for.
fn touched() -> World {
    let mut world = world();
    world.apply(Command::AnotherSeed);
    world.apply(Command::NudgeKnob(1, -3));
    world.apply(Command::Seek(Instant::from_nanos(3_200_000_001)));
    world.apply(Command::Act(0));
    world.apply(Command::Seek(Instant::from_nanos(4_512_345_678)));
    world
}

/// The link to a text, in whatever version and shape.
fn linked(text: &str) -> String {
    encode(text.as_bytes())
}

/// The text of the link to [`touched`], with one of its parts replaced.
fn mutated(part: usize, by: &str) -> String {
    let link = link(&mut touched()).expect("it is short");
    let text = String::from_utf8(decode(&link).expect("it is ours")).expect("it is text");
    let mut parts: Vec<&str> = text.split(';').collect();
    parts[part] = by;
    linked(&parts.join(";"))
}

/// What is noted when a link is opened.
fn note(link: &str) -> Option<String> {
    match read(link) {
        Ok(shared) => shared.open(Pace::Smooth).note().map(str::to_owned),
        Err(problem) => Some(problem),
    }
}

#[test]
fn a_link_opens_the_same_moment_settings_and_actions_without_a_word() {
    let mut left = touched();
    let link = link(&mut left).expect("it is short");
    let mut opened = read(&link).expect("it is ours").open(Pace::Smooth);
    assert_eq!(opened.note(), None);
    assert_eq!(opened.run().now(), left.run().now());
    assert_eq!(opened.run().seed(), left.run().seed());
    assert_eq!(opened.run().knobs(), left.run().knobs());
    assert_eq!(opened.run().acted(), left.run().acted());
    assert_eq!(opened.run().frame(), left.run().frame());
    assert_eq!(opened.hash_here(), left.hash_here());
    assert!(!opened.playing() && opened.speed() == NORMAL);
}

#[test]
fn every_lab_can_be_shared_from_its_first_moment_to_its_last() {
    for entry in labs::ALL {
        for at in [Instant::ZERO, Instant::from_nanos(1), Instant::MAX] {
            let mut world = World::new(
                crate::setup::Setup::read(&crate::setup::Attributes {
                    lab: entry.id.to_owned(),
                    ..Default::default()
                }),
                Pace::Smooth,
            );
            for knob in 0..world.run().knobs().len() {
                world.apply(Command::NudgeKnob(knob, 1));
            }
            world.apply(Command::Seek(at));
            let link = link(&mut world).expect("it is short");
            assert_eq!(note(&link), None, "{} at {at}", entry.id);
        }
    }
}

#[test]
fn a_reset_returns_to_what_the_link_shows_and_a_return_to_what_was_left() {
    let link = link(&mut touched()).expect("it is short");
    let mut opened = read(&link).expect("it is ours").open(Pace::Smooth);
    assert_eq!(opened.remember(), None, "nothing has been touched yet");
    let frame = opened.run().frame();
    opened.apply(Command::Seek(Instant::from_millis(9_000)));
    let memory = opened.remember().expect("it was touched");
    let mut returned = read(&link).expect("it is ours").open(Pace::Smooth);
    returned.recall(&memory);
    assert_eq!(returned.run().frame(), opened.run().frame());
    assert_eq!(returned.run().acted(), opened.run().acted());
    opened.apply(Command::Reset);
    assert_eq!(opened.run().frame(), frame);
}

#[test]
fn a_link_opens_a_comparison_with_the_settings_of_both() {
    let mut left = touched();
    left.apply(Command::Compare);
    assert_eq!(shared_twin(&mut left), Some(left.run().knobs()));
    let knobs = left.run().knobs().len();
    left.apply(Command::NudgeKnob(knobs + 1, 5));
    left.apply(Command::NudgeKnob(knobs + 2, 2));
    let own = left.twin().expect("two are compared").knobs();
    assert_ne!(own, left.run().knobs());
    assert_eq!(shared_twin(&mut left), Some(own));
    left.apply(Command::Compare);
    assert_eq!(shared_twin(&mut left), None);
}

/// The knobs of run B in what a link to this opens.
fn shared_twin(left: &mut World) -> Option<Vec<(&'static labs::KnobSpec, f64)>> {
    let link = link(left).expect("it is short");
    let opened = read(&link).expect("it is ours").open(Pace::Smooth);
    assert_eq!(opened.note(), None);
    assert_eq!(opened.run().frame(), left.run().frame());
    let twins = [&opened, left].map(|world| world.twin().map(labs::AnyRun::frame));
    assert_eq!(twins[0], twins[1]);
    opened.twin().map(labs::AnyRun::knobs)
}

#[test]
fn knobs_of_the_second_run_that_are_no_such_are_left_alone() {
    for knobs in ["b,no-such=1", "b,burst=999999999", "b,burst=-1"] {
        let opened = read(&mutated(9, knobs)).expect("the rest can be used");
        let world = opened.open(Pace::Smooth);
        let twin = world.twin().expect("two are compared");
        for (spec, value) in twin.knobs() {
            assert_eq!(spec.range.clamp(value), value, "{knobs}: {}", spec.id);
        }
    }
}

#[test]
fn what_leaves_a_comparison_is_about_the_run_looked_at() {
    let mut world = touched();
    world.apply(Command::Compare);
    let knobs = world.run().knobs().len();
    world.apply(Command::NudgeKnob(knobs + 1, 5));
    let (command, hash) = (command_line(&world), world.hash_looked_at());
    assert_eq!(hash, world.hash_here());
    world.apply(Command::Look(Side::B));
    assert_ne!(command_line(&world), command);
    assert_ne!(world.hash_looked_at(), hash);
}

#[test]
fn a_link_of_version_zero_is_migrated_and_once_is_enough() {
    let mut world = world();
    world.apply(Command::Seek(Instant::from_millis(2_000)));
    let (engine, hash) = (labs::ENGINE, world.hash_here());
    let old = format!("0;{engine};one-bucket;1;2000000000;;{hash:016x}");
    assert_eq!(note(&linked(&old)), None);
    let texts = [
        &old,
        "",
        ";",
        "0",
        "0;;;;;;",
        "0;;;;;;;",
        "1;;;;;;;;",
        "2;x",
        "1;x",
        "2;;;;;;;;;",
        "0;0;0;0;0;0;0",
    ];
    for text in texts {
        assert_eq!(migrate(&migrate(text)), migrate(text), "{text:?}");
    }
    assert_ne!(migrate(&old), old);
}

#[test]
fn another_engine_or_another_log_runs_anew_and_says_so() {
    let told = note(&mutated(1, "4000000000")).expect("a notice");
    assert!(told.contains("another version of the simulator"), "{told}");
    let told = note(&mutated(7, "0")).expect("a notice");
    assert!(told.contains("another log"), "{told}");
    let told = note(&mutated(8, "own")).expect("a notice");
    assert!(told.contains("its maker's own data"), "{told}");
    let opened = read(&mutated(1, "0"))
        .expect("it can be run")
        .open(Pace::Smooth);
    assert_eq!(opened.run().frame(), touched().run().frame());
}

#[test]
fn what_a_link_gets_wrong_is_told_in_one_sentence_and_the_rest_is_used() {
    let cases = [
        (4, "60000000001", "moment"),
        (4, "18446744073709551615", "moment"),
        (5, "no-such=1", "no setting called “no-such”"),
        (5, "burst=1e9", "is no value for"),
        (5, "burst=NaN", "is no value for"),
        (5, "burst=100000", "is no value for"),
        (5, "burst", "is no value for"),
        (6, "fly@1000", "no action called “fly”"),
        (6, "burst@99000000000", "behind the end"),
    ];
    for (part, by, says) in cases {
        let shared = read(&mutated(part, by)).expect("the rest can be used");
        assert!(
            shared.setup.problems[0].contains(says),
            "{by}: {:?}",
            shared.setup.problems
        );
        let told = note(&mutated(part, by)).expect("a sentence");
        assert_eq!(told, shared.setup.problems[0]);
        assert_eq!(told.matches(". ").count(), 0, "{told}");
    }
}

#[test]
fn a_damaged_unknown_newer_or_huge_link_is_refused_in_one_sentence() {
    let huge = "A".repeat(LONGEST + 1);
    let cases = [
        (String::new(), "damaged"),
        ("A".to_owned(), "damaged"),
        ("ü%20".to_owned(), "damaged"),
        (linked("1;1"), "damaged"),
        (linked("1;;;;;;;;"), "damaged"),
        (linked("2;;;;;;;;;"), "damaged"),
        (mutated(1, "one"), "damaged"),
        (mutated(3, "-1"), "damaged"),
        (mutated(4, "4.5"), "damaged"),
        (mutated(6, "burst"), "damaged"),
        (mutated(6, "burst@soon"), "damaged"),
        (mutated(7, "xyz"), "damaged"),
        (mutated(8, "yes"), "damaged"),
        (mutated(9, "b,burst"), "damaged"),
        (mutated(0, "x"), "damaged"),
        (mutated(0, "3"), "newer version"),
        (mutated(2, "two-buckets"), "“two-buckets”"),
        (huge, "8 KB"),
    ];
    for (link, says) in cases {
        let told = read(&link).err().expect("it cannot be used");
        assert!(told.contains(says) && told.len() < 200, "{told}");
    }
    assert!(read(&"A".repeat(LONGEST)).is_err(), "read, and damaged");
}

#[test]
fn no_bytes_and_no_mutation_of_a_link_can_make_it_panic() {
    // A linear congruential generator: the same bytes in every run.
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut random = move |below: usize| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    let good = link(&mut touched()).expect("it is short");
    let text = String::from_utf8(decode(&good).expect("it is ours")).expect("it is text");
    let alphabet: Vec<char> = ";,=@.-0123456789abxNaü\0 ".chars().collect();
    for round in 0..3_000 {
        let length = random(200);
        let noise: Vec<u8> = (0..length).map(|_| random(256) as u8).collect();
        assert_eq!(decode(&encode(&noise)).as_ref(), Some(&noise));
        let mut letters: Vec<char> = text.chars().collect();
        for _ in 0..=random(4) {
            let at = random(letters.len());
            match random(3) {
                0 => letters[at] = alphabet[random(alphabet.len())],
                1 => letters.insert(at, alphabet[random(alphabet.len())]),
                _ => _ = letters.remove(at),
            }
        }
        let mutated: String = letters.into_iter().collect();
        assert_eq!(migrate(&migrate(&mutated)), migrate(&mutated));
        for link in [
            encode(&noise),
            String::from_utf8_lossy(&noise).into_owned(),
            linked(&mutated),
        ] {
            match read(&link) {
                // To open each would take a minute.
                Ok(shared) if round % 20 == 0 => _ = shared.open(Pace::Smooth).hash_here(),
                Ok(_) => {}
                Err(told) => assert!(told.len() < 200, "{told}"),
            }
        }
    }
}

#[test]
fn a_run_with_too_many_actions_for_a_link_says_so() {
    let mut world = world();
    for nth in 0..800 {
        world.apply(Command::Seek(Instant::from_nanos(1_000_000_001 + nth)));
        world.apply(Command::Act(0));
    }
    let told = link(&mut world).expect_err("it would be longer than 8 KB");
    assert!(told.contains("800"), "{told}");
}

#[test]
fn base64url_is_that_of_the_rfc() {
    let cases = [
        ("", ""),
        ("f", "Zg"),
        ("fo", "Zm8"),
        ("foo", "Zm9v"),
        ("foob", "Zm9vYg"),
    ];
    for (plain, coded) in cases {
        assert_eq!(encode(plain.as_bytes()), coded);
        assert_eq!(decode(coded).as_deref(), Some(plain.as_bytes()));
    }
    assert_eq!(encode(&[0xfb, 0xff]), "-_8");
    for bad in ["Z", "Zm9vZ", "Zm=", "Zm+v", "Zm/v", "Z m9"] {
        assert_eq!(decode(bad), None, "{bad}");
    }
}

#[test]
fn the_command_line_names_what_differs_and_only_what_has_been_done_by_now() {
    let mut world = world();
    let id = "one-bucket";
    assert_eq!(
        command_line(&world),
        format!("cargo run -p lab -- run {id} --seed 1 --until 0")
    );
    world = touched();
    let (spec, value) = world.run().knobs()[1];
    let action = world.run().actions()[0].id;
    assert_eq!(
        command_line(&world),
        format!(
            "cargo run -p lab -- run {id} --seed 2 --knob {}={value} --act {action}@3.200000001 --until 4.512345678",
            spec.id
        )
    );
    assert_eq!(
        file_name(world.run()),
        format!("{id}-seed-2-at-4.512345678s")
    );
    world.apply(Command::Seek(Instant::from_millis(3_200)));
    assert!(
        !command_line(&world).contains("--act"),
        "it is still to come"
    );
}

/// Runs a command line as the page shows it; the last line that is printed.
fn printed_last(command: &str) -> String {
    let words = command
        .strip_prefix("cargo run -p ")
        .expect("it runs a package of the workspace")
        .split(' ')
        .filter(|word| *word != "--");
    let done = lab::answer(words.map(Into::into), &mut |_, _| ()).expect("it makes sense");
    assert_eq!(
        done.notes, [""; 0],
        "{command}: every value is one the knob takes"
    );
    done.text.lines().last().unwrap_or_default().to_owned()
}

#[test]
fn the_command_line_gives_natively_the_log_of_the_page() {
    for entry in labs::ALL {
        let setup = Setup::read(&Attributes {
            lab: entry.id.to_owned(),
            seed: "9".to_owned(),
            ..Attributes::default()
        });
        let mut world = World::new(setup, Pace::Smooth);
        let mut check = |commands: &[Command]| {
            for &command in commands {
                world.apply(command);
            }
            let (line, hash) = (command_line(&world), world.hash_here());
            assert_eq!(
                printed_last(&line),
                format!("log hash {hash:016x}"),
                "{line}"
            );
            hash
        };
        let plain = check(&[Command::Seek(Instant::from_nanos(2_345_678_901))]);
        for knob in 0..entry.open(1).knobs().len() {
            check(&[Command::NudgeKnob(knob, 1)]);
        }
        let turned = check(&[
            Command::Seek(Instant::from_nanos(9_000_000_001)),
            Command::Act(0),
        ]);
        assert_ne!(plain, turned, "{}", entry.id);
        check(&[
            Command::Act(0),
            Command::Seek(Instant::from_nanos(9_700_000_003)),
        ]);
        // In the middle of an instant the command line is about all of it.
        check(&[Command::StepBack]);
        check(&[Command::End]);
    }
}

#[test]
fn with_the_readers_own_data_the_command_line_asks_for_the_file() {
    let data = "# headroom-trace 1 program=rate-limiting algorithm=gcra rate=12.34 burst=3\n\
                seconds,key,admitted\n0.5,0,1\n0.501,0,1\n0.75,0,1\n1.25,0,0\n";
    // Named by the process, so that two test runs at once do not meet.
    let path = std::env::temp_dir().join(format!("headroom-share-{}.csv", std::process::id()));
    std::fs::write(&path, data).expect("the folder for passing files can be written to");
    let setup = Setup::read(&Attributes {
        lab: "playground".to_owned(),
        ..Attributes::default()
    });
    let default = setup.defaults[2];
    let mut world = World::new(setup, Pace::Smooth);
    world.load(data.as_bytes()).expect("it is a trace");
    assert_ne!(
        world.run().knobs()[1].1,
        default,
        "the trace turns this knob"
    );
    // Back where the page had it, which the command has to say.
    world.apply(Command::Knob(2, default));
    world.apply(Command::End);
    let line = command_line(&world);
    assert!(line.contains(" --data YOUR-FILE --knob "), "{line}");
    let file = path.to_str().expect("a path of letters");
    let last = printed_last(&line.replace("YOUR-FILE", file));
    std::fs::remove_file(&path).expect("it was written above");
    assert_eq!(last, format!("log hash {:016x}", world.hash_here()));
}
