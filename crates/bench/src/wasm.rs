//! The same loops as WebAssembly, timed in Node: one process, asked over a pipe for each round.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use anyhow::{Context, Result, bail};

/// Reads lines of `function events seed`; answers with the nanoseconds taken inside Node and the
/// fingerprint that the function returned.
const SCRIPT: &str = "
const file = require('fs').readFileSync(process.argv[1]);
const loops = new WebAssembly.Instance(new WebAssembly.Module(file), {}).exports;
console.log('ready ' + process.version);
require('readline').createInterface({ input: process.stdin }).on('line', line => {
  const [name, events, seed] = line.split(' ');
  const start = process.hrtime.bigint();
  const result = loops[name](Number(events), Number(seed));
  const nanos = process.hrtime.bigint() - start;
  console.log(nanos + ' ' + BigInt.asUintN(64, result));
});";

/// A running Node with the module loaded.
pub(crate) struct Node {
    child: Child,
    to: Option<ChildStdin>,
    from: BufReader<ChildStdout>,
    /// Its version, such as `v20.20.2`.
    pub(crate) version: String,
}

impl Node {
    /// Starts Node on this module; none if there is no `node` on PATH.
    pub(crate) fn start(module: &Path) -> Result<Option<Self>> {
        let started = Command::new("node")
            .args(["-e", SCRIPT])
            .arg(module)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn();
        let mut child = match started {
            Ok(child) => child,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error).context("cannot start node"),
        };
        let to = child.stdin.take();
        let from = child.stdout.take().context("node has no output")?;
        let mut node = Self {
            child,
            to,
            from: BufReader::new(from),
            version: String::new(),
        };
        let greeting = node.read_line()?;
        let Some(version) = greeting.strip_prefix("ready ") else {
            bail!("node cannot load {} as WebAssembly", module.display());
        };
        node.version = version.to_owned();
        Ok(Some(node))
    }

    /// Runs an exported function; returns ns an event and its fingerprint.
    pub(crate) fn run(&mut self, function: &str, events: u32, seed: u64) -> Result<(f64, u64)> {
        let to = self.to.as_mut().context("node has no input")?;
        writeln!(to, "{function} {events} {seed}")?;
        let answer = self.read_line()?;
        let parts = answer.split_once(' ');
        let (nanos, fingerprint) =
            parts.with_context(|| format!("the module does not export {function}"))?;
        let nanos: f64 = nanos.parse()?;
        Ok((nanos / f64::from(events), fingerprint.parse()?))
    }

    fn read_line(&mut self) -> Result<String> {
        let mut line = String::new();
        self.from.read_line(&mut line)?;
        Ok(line.trim().to_owned())
    }
}

impl Drop for Node {
    /// Node ends when its input does.
    fn drop(&mut self) {
        self.to = None;
        // It has nothing left to say; a failure to wait would change nothing.
        let _ = self.child.wait();
    }
}
