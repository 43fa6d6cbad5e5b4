//! `cargo xtask serve`: the workbook on localhost, built anew and reloaded as it is edited.

#![expect(
    clippy::disallowed_types,
    reason = "measures how long a build takes, not simulated time"
)]

use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, TcpListener};
use std::process::{Child, ExitCode, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::places::Places;
use crate::process::Failure;
use crate::refusal::Refusal;
use crate::site::{self, Simulator};
use crate::stamp;
use crate::steps::Steps;
use crate::toolchain::{self, Preference, Toolchain};
use crate::watch::{Change, Edits};

/// How often the watcher looks whether the server still lives.
const LOOK: Duration = Duration::from_millis(500);

/// How the workbook is served.
#[derive(Args)]
pub(crate) struct Options {
    /// The port on 127.0.0.1; 0 takes a free one.
    #[arg(long, default_value_t = 3000)]
    port: u16,
    /// Open the workbook in the browser.
    #[arg(long)]
    open: bool,
    /// Which compiler may build the simulator.
    #[arg(long, value_enum, default_value_t)]
    toolchain: Preference,
}

/// A running `devserver`; stops when this is dropped, because its standard input closes then.
struct Server {
    child: Child,
    url: String,
}

/// Builds, serves, and stays until it is stopped.
pub(crate) fn serve(places: &Places, options: &Options) -> Result<ExitCode> {
    let started = Instant::now();
    refuse_taken(options.port)?;
    let steps = Steps::new();
    let toolchain = steps.run("toolchain", |step| {
        toolchain::choose(places, options.toolchain, step)
    })?;
    // Before the build, so that an edit during it is not lost.
    let edits = Edits::start(&places.root)?;
    if let Err(error) = rebuild(places, &steps, &toolchain, Change::Code)
        && !places.book().join("index.html").is_file()
    {
        return Err(error.context("there is no book yet to serve"));
    }
    let mut server = Server::start(places, options.port)?;
    println!("{}", server.url);
    let seconds = started.elapsed().as_secs_f64();
    steps.say(&format!(
        "  ready after {seconds:.1} s: {}   (Ctrl-C stops)",
        server.url
    ));
    if options.open {
        open_browser(&server.url, &steps);
    }
    loop {
        if let Some(status) = server
            .child
            .try_wait()
            .context("cannot look after the server")?
        {
            bail!("the server stopped ({status})");
        }
        let change = edits.next(LOOK)?;
        if change > Change::Nothing {
            follow(places, &steps, &toolchain, change);
        }
    }
}

/// Builds after an edit; whatever goes wrong, the server stays up.
fn follow(places: &Places, steps: &Steps, toolchain: &Toolchain, change: Change) {
    let started = Instant::now();
    let verdict = match rebuild(places, steps, toolchain, change) {
        Ok(()) => "reloaded".to_owned(),
        Err(error) => format!("not reloaded: {error:#}"),
    };
    steps.say(&format!(
        "  {verdict} ({:.1} s)",
        started.elapsed().as_secs_f64()
    ));
}

/// Builds what the change asks for and tells open pages.
fn rebuild(places: &Places, steps: &Steps, toolchain: &Toolchain, change: Change) -> Result<()> {
    let dest = places.book();
    let built = match change {
        Change::Code => {
            site::all(places, steps, toolchain, Simulator::WhileWriting, &dest).map(|_| ())
        }
        Change::Page | Change::Nothing => steps.run("book", |step| site::book(places, &dest, step)),
    };
    let problem = match &built {
        Ok(()) => String::new(),
        Err(error) => problem(error),
    };
    stamp::write(&places.stamp(), &problem)?;
    built
}

/// What open pages show: the sentence, and what the failing program printed.
fn problem(error: &anyhow::Error) -> String {
    let output = error
        .downcast_ref::<Failure>()
        .map_or("", |failure| failure.output.as_str());
    format!("{error:#}\n\n{output}").trim_end().to_owned()
}

/// Finds out before the build, not after it.
fn refuse_taken(port: u16) -> Result<()> {
    match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
        Ok(_) => Ok(()),
        Err(error) => {
            let sentence = format!(
                "port {port} of 127.0.0.1 cannot be used ({error}); choose another with --port"
            );
            Err(Refusal(sentence).into())
        }
    }
}

impl Server {
    fn start(places: &Places, port: u16) -> Result<Self> {
        let mut command = places.run("devserver");
        command
            .arg("--dir")
            .arg(places.book())
            .arg("--reload")
            .arg(places.stamp());
        command.args(["--until-stdin-closes", "--port", &port.to_string()]);
        // The pipe closes when this process ends, however it ends, and the server with it.
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().context("cannot start devserver")?;
        let mut url = String::new();
        if let Some(output) = child.stdout.take() {
            BufReader::new(output)
                .read_line(&mut url)
                .context("devserver said nothing")?;
        }
        if url.is_empty() {
            return Err(Refusal(format!("devserver did not start ({})", child.wait()?)).into());
        }
        Ok(Self {
            child,
            url: url.trim().to_owned(),
        })
    }
}

/// Opens the browser; a machine without one is no failure.
fn open_browser(url: &str, steps: &Steps) {
    let program = match std::env::consts::OS {
        "macos" => "open",
        "windows" => "explorer",
        _ => "xdg-open",
    };
    let mut command = std::process::Command::new(program);
    let spawned = command
        .arg(url)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    if let Err(error) = spawned {
        steps.say(&format!(
            "  no browser was opened ({program}: {error}); open {url} yourself"
        ));
    }
}
