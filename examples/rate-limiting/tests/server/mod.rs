//! A Redis of the test's own, on a free port of loopback.

use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, TcpListener};
use std::process::{Child, Command, Stdio};

/// A running redis-server; it ends with this value.
pub(crate) struct RedisServer {
    process: Child,
    /// Where it listens.
    pub(crate) url: String,
}

impl RedisServer {
    /// Starts one, or says that there is none on this machine. CI has one: there its absence is a failure.
    pub(crate) fn start() -> Option<Self> {
        let probe = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = probe.local_addr().unwrap().port();
        drop(probe);
        let started = Command::new("redis-server")
            .args([
                "--bind",
                "127.0.0.1",
                "--save",
                "",
                "--appendonly",
                "no",
                "--port",
            ])
            .arg(port.to_string())
            .stdout(Stdio::piped())
            .spawn();
        let Ok(mut process) = started else {
            assert!(
                std::env::var_os("CI").is_none(),
                "CI needs redis-server: install it"
            );
            // Not `eprintln!`, which the test harness keeps to itself when a test passes.
            let note = b"SKIPPED: no redis-server on PATH; install it to test the shared limiter\n";
            std::io::stderr().write_all(note).unwrap();
            return None;
        };
        let said = BufReader::new(process.stdout.take().unwrap());
        let server = Self {
            process,
            url: format!("redis://127.0.0.1:{port}"),
        };
        let ready = said
            .lines()
            .map_while(Result::ok)
            .any(|line| line.contains("Ready to accept"));
        assert!(ready, "redis-server ended before it was ready");
        Some(server)
    }
}

impl Drop for RedisServer {
    fn drop(&mut self) {
        // It may have ended by itself; there is nothing more to do then.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
