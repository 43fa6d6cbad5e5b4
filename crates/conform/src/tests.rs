//! The replay finds a difference where there is one, and refuses what is no recording.

use crate::{MODELS, find};

/// One limiter, 10 per second and burst 1, asked twice; `second` is what is said of the second call.
fn token_bucket(second: &str) -> String {
    let first = r#"{"t_ns":0,"op":"allow","n":1,"ok":true,"tokens_after":0}"#;
    format!(r#"{{"sequences":[{{"id":"two","limit":10,"burst":1,"steps":[{first},{second}]}}]}}"#)
}

/// The report about `text`, or why there is none.
fn report(model: &str, text: &str) -> String {
    match (find(model).unwrap().replay)(text) {
        Ok(outcome) => outcome.to_string(),
        Err(error) => format!("{error:#}"),
    }
}

#[test]
fn a_recording_that_agrees_passes() {
    let second = r#"{"t_ns":50000000,"op":"allow","n":1,"ok":false,"tokens_after":0.5}"#;
    assert_eq!(
        report("token-bucket", &token_bucket(second)),
        "1 passed, 0 failed\n"
    );
}

#[test]
fn the_first_step_that_differs_is_named() {
    let second = r#"{"t_ns":50000000,"op":"allow","n":1,"ok":true,"tokens_after":0.5}"#;
    let expected = "two, step 1: expected ok true, 0.5 tokens (3fe0000000000000); \
                    got ok false, 0.5 tokens (3fe0000000000000)\n0 passed, 1 failed\n";
    assert_eq!(report("token-bucket", &token_bucket(second)), expected);
}

#[test]
fn the_last_bit_of_a_number_matters() {
    let second = r#"{"t_ns":50000000,"op":"tokens","tokens_after":0.5000000000000001}"#;
    assert!(report("token-bucket", &token_bucket(second)).ends_with("0 passed, 1 failed\n"));
    let bits = r#"{"t_ns":5,"op":"tokens","tokens_after":0,"tokens_bits":"8000000000000000"}"#;
    assert!(report("token-bucket", &token_bucket(bits)).ends_with("0 passed, 1 failed\n"));
}

#[test]
fn reservations_are_found_by_their_number() {
    let reserve = r#"{"t_ns":0,"op":"reserve","n":1,"rid":0,"ok":true,"delay_ns":100000000,"tokens_after":-1}"#;
    let cancel = r#"{"t_ns":0,"op":"cancel","rid":0,"tokens_after":0}"#;
    let both = format!("{reserve},{cancel}");
    assert_eq!(
        report("token-bucket", &token_bucket(&both)),
        "1 passed, 0 failed\n"
    );
    let why = report(
        "token-bucket",
        &token_bucket(&cancel.replace("\"rid\":0", "\"rid\":3")),
    );
    assert_eq!(why, "two, step 1: there is no reservation 3");
}

/// Waiters on a limiter of 10 per second and burst 1, whose token is gone at 0 ns.
fn waiters(others: &str, end_ns: u64, tokens_at_end: f64) -> String {
    let first = r#"{"id":0,"start_ns":0,"n":1,"result":"ok","done_ns":0}"#;
    format!(
        r#"{{"scenarios":[{{"id":"queue","limit":10,"burst":1,"waiters":[{first},{others}],
            "end_ns":{end_ns},"tokens_at_end":{tokens_at_end}}}]}}"#
    )
}

#[test]
fn a_cancellation_at_the_moment_of_the_grant_comes_too_late() {
    let granted = r#"{"id":1,"start_ns":0,"n":1,"cancel_ns":100000000,"deadline_ns":100000000,
        "result":"ok","done_ns":100000000}"#;
    let text = waiters(granted, 100_000_000, 0.0);
    assert_eq!(report("token-bucket-wait", &text), "1 passed, 0 failed\n");
    let earlier = text.replace("100000000,\"deadline", "99999999,\"deadline");
    let found = report("token-bucket-wait", &earlier);
    let expected = "queue, waiter 1: expected ok at 100000000 ns; got canceled at 99999999 ns\n";
    assert!(found.starts_with(expected), "{found}");
}

#[test]
fn a_context_that_ended_before_keeps_its_first_reason() {
    for (deadline, cancel, result) in [
        (6, 5, "canceled"),
        (5, 6, "deadline_exceeded"),
        (5, 5, "deadline_exceeded"),
    ] {
        let waiter = format!(
            r#"{{"id":1,"start_ns":10,"n":1,"deadline_ns":{deadline},"cancel_ns":{cancel},
                "result":"{result}","done_ns":10}}"#
        );
        assert_eq!(
            report("token-bucket-wait", &waiters(&waiter, 0, 0.0)),
            "1 passed, 0 failed\n"
        );
    }
}

#[test]
fn gcra_differences_are_told_in_words() {
    let text = r#"{"sequences":[{"id":"g","period_ns":100,"burst":2,"steps":[
        {"t_ns":0,"n":3,"result":"insufficient_capacity","capacity":2},
        {"t_ns":0,"n":2,"result":"ok","remaining_burst":0},
        {"t_ns":1,"n":1,"result":"not_until","wait_ns":98}]}]}"#;
    let expected = "g, step 2: expected not until 98 ns later; got not until 99 ns later\n\
                    0 passed, 1 failed\n";
    assert_eq!(report("gcra", text), expected);
}

#[test]
fn a_cancellation_at_the_moment_of_the_time_out_comes_too_late() {
    for (cancel_ms, result, errors, percent) in [(99, "canceled", 0, 0), (100, "timeout", 1, 100)] {
        let text = format!(
            r#"{{"sequences":[{{"id":"h","request_volume_threshold":9,"error_percent_threshold":50,
            "sleep_window_ms":5000,"max_concurrent_requests":10,"timeout_ms":100,"start_offset_ms":0,
            "requests":[
            {{"id":0,"t_ms":0,"dur_ms":500,"outcome":"ok","cancel_after_ms":{cancel_ms},
             "result":"{result}","done_ms":{cancel_ms},"open_after":false,
             "window_requests":0,"window_errors":0,"error_percent":0,"active":1}},
            {{"id":1,"t_ms":200,"dur_ms":50,"outcome":"ok","result":"success","done_ms":250,
             "open_after":false,"window_requests":1,"window_errors":{errors},
             "error_percent":{percent},"active":1}}]}}]}}"#
        );
        assert_eq!(report("hystrix", &text), "1 passed, 0 failed\n");
    }
}

#[test]
fn differences_of_breakers_are_told_in_words() {
    let hystrix = r#"{"sequences":[{"id":"h","request_volume_threshold":1,"error_percent_threshold":50,
        "sleep_window_ms":5000,"max_concurrent_requests":10,"timeout_ms":1000,"start_offset_ms":0,
        "requests":[
        {"id":0,"t_ms":0,"dur_ms":0,"outcome":"fail","result":"failure","done_ms":0,
         "open_after":false,"window_requests":1,"window_errors":1,"error_percent":100,"active":0},
        {"id":1,"t_ms":5,"dur_ms":0,"outcome":"ok","result":"success","done_ms":5,
         "open_after":false,"window_requests":2,"window_errors":1,"error_percent":50,"active":0}]}]}"#;
    let expected = "h, call 1: expected success at 5 ms; got short circuit at 5 ms\n\
                    0 passed, 1 failed\n";
    assert_eq!(report("hystrix", hystrix), expected);

    let gobreaker = r#"{"sequences":[{"id":"g","max_requests":0,"interval_ms":0,"bucket_period_ms":0,
        "timeout_ms":0,"ready_to_trip":{"kind":"consecutive_failures_gt","k":0},"events":[
        {"t_ms":0,"op":"allow","id":0,"result":"ok","state":"closed","counts":[1,0,0,0,0,0]},
        {"t_ms":1,"op":"fail","id":0,"state":"closed","counts":[1,0,1,0,0,1]}]}]}"#;
    let expected = "g, event 1: expected reported, closed, counts [1, 0, 1, 0, 0, 1]; \
                    got reported, open, counts [0, 0, 0, 0, 0, 0]\n0 passed, 1 failed\n";
    assert_eq!(report("gobreaker", gobreaker), expected);

    let resilience4j = r#"{"sequences":[{"id":"r","window_type":"TIME_BASED","sliding_window_size":1,
        "minimum_number_of_calls":1,"failure_rate_threshold":50.0,"slow_call_rate_threshold":50.0,
        "slow_call_duration_ms":9,"permitted_half_open":1,"wait_open_ms":1,"events":[
        {"t_ms":0,"op":"allow","call":0,"dur_ms":9,"result":"ok","state":"CLOSED",
         "failure_rate":-1.0,"slow_rate":-1.0,"buffered":0,"failed":0,"slow":0},
        {"t_ms":9,"op":"ok","call":0,"dur_ms":9,"result":"reported","state":"OPEN",
         "failure_rate":0.0,"slow_rate":100.0,"buffered":1,"failed":0,"slow":1}]}]}"#;
    let expected = "r, event 1: expected reported, open, 0 of 1 failed (0 %), 1 slow (100 %); \
                    got reported, closed, 0 of 1 failed (0 %), 0 slow (0 %)\n\
                    0 passed, 1 failed\n";
    assert_eq!(report("resilience4j", resilience4j), expected);
    let unknown = resilience4j.replace("\"ok\",\"call\"", "\"ok\",\"call\":7,\"was\"");
    assert!(report("resilience4j", &unknown).contains("was not admitted"));
}

/// One sample of AIMD that took 6 ms, with a time-out written as `time_out`.
fn aimd(time_out: &str, expected: u32) -> String {
    format!(
        r#"{{"sequences":[{{"id":"a","algorithm":"aimd","params":{{"initial":100,{time_out}}},
            "samples":[[6000000,100,0,{expected}]]}}]}}"#
    )
}

#[test]
fn a_time_out_is_read_whatever_its_unit() {
    for shorter in [
        r#""timeout_ns":5999999"#,
        r#""timeout":5999999"#,
        r#""timeout_ms":5"#,
        r#""timeout_s":0.005"#,
        r#""timeout":"5 ms""#,
        r#""timeout":"5000us""#,
    ] {
        let found = report("concurrency-limits", &aimd(shorter, 90));
        assert_eq!(found, "1 passed, 0 failed\n", "{shorter}");
    }
    for longer in [
        r#""timeout_ns":6000000"#,
        r#""timeout_ms":6.0"#,
        r#""timeout":5"#,
        r#""timeout":"5 SECONDS""#,
        r#""timeout":null"#,
        r#""alpha":"3*log10""#,
    ] {
        let found = report("concurrency-limits", &aimd(longer, 101));
        assert_eq!(found, "1 passed, 0 failed\n", "{longer}");
    }
    let why = report("concurrency-limits", &aimd(r#""timeout":"5 parsecs""#, 90));
    let expected = "a cannot be replayed: its timeout, \"5 parsecs\", is no length of time";
    assert_eq!(why, expected);
}

/// Three waits of one client.
fn waits(settings: &str, sleep: &str) -> String {
    format!(r#"{{"backoff":[{{{settings},"sleep":{sleep}}}],"adaptive_throttling":[]}}"#)
}

#[test]
fn a_wait_without_a_draw_does_not_pass_unseen() {
    let full = r#""kind":"ExpoBackoffFullJitter","base":8,"cap":50,"u":[0.5,0.5]"#;
    assert_eq!(
        report("backoff", &waits(full, "[4,8]")),
        "1 passed, 0 failed\n"
    );
    let why = report("backoff", &waits(full, "[4,8,16]"));
    assert_eq!(why, "Full 0: 2 draws are too few for 3 waits");
}

#[test]
fn where_chance_plays_no_part_draws_may_be_left_out() {
    for (settings, sleep) in [
        (r#""kind":"ExpoBackoff","base":8,"cap":20"#, "[8,16,20]"),
        (r#""kind":"NoBackoff","base":8,"cap":20"#, "[0,0,0]"),
    ] {
        let text = waits(settings, sleep);
        assert_eq!(report("backoff", &text), "1 passed, 0 failed\n");
        let other = text.replace("0]", "1]");
        assert!(report("backoff", &other).contains("step 2: expected"));
    }
}

#[test]
fn what_is_no_time_is_refused_with_a_sentence() {
    for (settings, expected) in [
        (r#""base":-1,"cap":20"#, "its base, -1, is no time"),
        (r#""base":1,"cap":-0.5"#, "its cap, -0.5, is no time"),
        (
            r#""base":1,"cap":1e30"#,
            "its cap, 1000000000000000000000000000000, is no time",
        ),
    ] {
        let text = waits(&format!(r#""kind":"ExpoBackoff",{settings}"#), "[1]");
        let why = report("backoff", &text);
        assert!(why.starts_with(&format!("None 0: {expected}")), "{why}");
    }
}

/// 258 tasks that tokio's one worker starts: 128 stay in its own queue, the shared queue holds 129, and is looked at at these ticks.
fn looks(at: impl Fn(usize) -> bool) -> String {
    let (mut own, mut shared) = (0..128, 128..257);
    let mut order = vec![257];
    while let Some(next) = if at(order.len() + 1) {
        shared.next()
    } else {
        own.next().or_else(|| shared.next())
    } {
        order.push(next);
    }
    format!(
        r#"{{"scenarios":[{{"runtime":"multi1","scenario":"spawn","n":258,"k":0,"runs":9,
            "observed":[{{"count":7,"order":{order:?}}}]}}]}}"#
    )
}

#[test]
fn an_order_of_tokio_passes_with_every_interval_that_some_times_of_polls_make() {
    for interval in [2, 3, 38, 58, 61, 64, 97, 126, 127] {
        let text = looks(|tick| tick == 61 || tick > 61 && tick.is_multiple_of(interval));
        let expected = "7 of 9 runs are explained by some times of the polls\n1 passed, 0 failed\n";
        assert_eq!(report("tokio-scheduler", &text), expected, "{interval}");
    }
}

#[test]
fn an_order_of_tokio_fails_if_no_times_of_polls_give_it() {
    // The first look is at the 61st tick or, if the worker had slept, one earlier; what the next interval is, it stays for a batch.
    for ticks in [[59, 118, 177], [62, 124, 186], [61, 70, 72]] {
        let found = report("tokio-scheduler", &looks(|tick| ticks.contains(&tick)));
        assert!(found.ends_with("0 passed, 1 failed\n"), "{found}");
    }
    let swapped = looks(|tick| tick == 61).replace("90, 91", "91, 90");
    let found = report("tokio-scheduler", &swapped);
    assert!(found.contains("expected 91; got 90"), "{found}");
}

#[test]
fn of_equally_common_orders_the_first_counts() {
    let text = |first: &str, second: &str| {
        format!(
            r#"{{"scenarios":[{{"scenario":"spawn","n":2,"k":0,"runs":4294967295,"observed":[
                {{"count":4294967295,"order":[{first}]}},{{"count":4294967295,"order":[{second}]}}]}}]}}"#
        )
    };
    let passed = |text: &str| (find("go-scheduler").unwrap().replay)(text).unwrap().passed;
    assert_eq!(passed(&text("1,0", "1,0,0")), 1);
    assert_eq!(passed(&text("1,0,0", "1,0")), 0);
}

#[test]
fn what_is_no_recording_is_refused() {
    for model in MODELS {
        assert!((model.replay)("{").is_err());
        assert!((model.replay)(r#"{"header":{}}"#).is_err());
        assert!((model.replay)(r#"{"sequences":[]}"#).is_err());
    }
    let unknown = r#"{"t_ns":0,"op":"steal","tokens_after":0}"#;
    assert!(report("token-bucket", &token_bucket(unknown)).contains("unknown variant"));
    let runtime = |name: &str| looks(|_| false).replace("multi1", name);
    for (name, why) in [
        ("multi1_g0", "no interval"),
        ("", "no runtime"),
        ("multi2", "no runtime"),
    ] {
        assert!(report("tokio-scheduler", &runtime(name)).contains(why));
    }
    let too_early = r#"{"t_ns":-9000000000000000000,"op":"tokens","tokens_after":0}"#;
    assert!(report("token-bucket", &token_bucket(too_early)).contains("146 years"));
}

#[test]
fn an_unknown_model_is_answered_with_those_there_are() {
    let why = find("breaker").unwrap_err().to_string();
    assert_eq!(
        why,
        "there is no model breaker; there are token-bucket, token-bucket-wait, gcra, go-scheduler, \
         tokio-scheduler, hystrix, gobreaker, resilience4j, concurrency-limits, backoff"
    );
}
