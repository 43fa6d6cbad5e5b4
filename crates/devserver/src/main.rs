//! `devserver --dir DIR`: serves the built book on 127.0.0.1, under any path prefix, and reloads open pages when told to.
//!
//! It listens on the loopback address only and has no option to do otherwise: it is for the person who writes the
//! book, and for the browser tests. The first line on standard output is the address of the site.

use std::io::Read;
use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, Result};
use axum::Router;
use clap::Parser;

mod reload;
mod site;
#[cfg(test)]
mod tests;

use site::{Prefix, Site};

/// Serves a built book on 127.0.0.1.
#[derive(Parser)]
struct Arguments {
    /// The folder to serve.
    #[arg(long, default_value = "book")]
    dir: PathBuf,
    /// The port to listen on; 0 takes a free one.
    #[arg(long, default_value_t = 3000)]
    port: u16,
    /// The path the site lives under, as on a host that serves many sites.
    #[arg(long, default_value = "/", value_parser = Prefix::parse)]
    prefix: Prefix,
    /// Reload open pages whenever this file changes: a number, then on further lines a problem to show instead.
    #[arg(long, value_name = "STAMP")]
    reload: Option<PathBuf>,
    /// Stop when standard input closes, so that the server never outlives the program that started it.
    #[arg(long)]
    until_stdin_closes: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if !arguments.dir.is_dir() {
        eprintln!("devserver: there is no folder {}.", arguments.dir.display());
        return ExitCode::from(2);
    }
    let address = (Ipv4Addr::LOCALHOST, arguments.port);
    let listener = match tokio::net::TcpListener::bind(address).await {
        Ok(listener) => listener,
        Err(error) => {
            eprintln!(
                "devserver: cannot listen on 127.0.0.1:{}: {error}.",
                arguments.port
            );
            return ExitCode::from(2);
        }
    };
    match serve(arguments, listener).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("devserver: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn serve(arguments: Arguments, listener: tokio::net::TcpListener) -> Result<()> {
    let port = listener
        .local_addr()
        .context("the listener has no address")?
        .port();
    println!("http://127.0.0.1:{port}{}", arguments.prefix.as_str());
    if arguments.until_stdin_closes {
        std::thread::spawn(exit_when_stdin_closes);
    }
    let stamps = arguments.reload.map(reload::follow);
    let site = Arc::new(Site::new(arguments.dir, arguments.prefix, stamps));
    let router = Router::new().fallback(site::answer).with_state(site);
    axum::serve(listener, router)
        .await
        .context("the server stopped")
}

/// Ends the process at the end of standard input: its writer has gone.
fn exit_when_stdin_closes() {
    let mut ignored = [0; 256];
    while std::io::stdin()
        .read(&mut ignored)
        .is_ok_and(|read| read > 0)
    {}
    std::process::exit(0);
}
