//! The backend: an HTTP server on loopback that does by the script what a backend must not do.

use std::convert::Infallible;
use std::future::pending;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::{Response, StatusCode};
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, sleep_until};

use crate::faults::{Faults, Kind};
use crate::ledger::{Ledger, REQUEST_HEADER};
use crate::schedule::Arrival;

/// Connections that may wait to be accepted.
const BACKLOG: u32 = 1024;
/// A pause before a socket is tried again, when the system has none to give.
const RETRY: Duration = Duration::from_millis(5);

/// The state of the backend.
struct Backend {
    /// When the script begins.
    start: Instant,
    arrivals: Arc<[Arrival]>,
    faults: Arc<Faults>,
    ledger: Arc<Ledger>,
}

/// Starts the backend on a free port of 127.0.0.1 and gives its address. It runs until the program ends.
///
/// # Errors
/// Fails if no port can be had.
pub(crate) async fn start(
    start: Instant,
    arrivals: &Arc<[Arrival]>,
    faults: Arc<Faults>,
    ledger: &Arc<Ledger>,
) -> std::io::Result<SocketAddr> {
    let socket = bind((Ipv4Addr::LOCALHOST, 0).into())?;
    let address = socket.local_addr()?;
    let listener = socket.listen(BACKLOG)?;
    let backend = Backend {
        start,
        arrivals: Arc::clone(arrivals),
        faults,
        ledger: Arc::clone(ledger),
    };
    tokio::spawn(Arc::new(backend).live(listener, address));
    Ok(address)
}

/// A socket that has the address and does not listen: connections to it are refused.
fn bind(address: SocketAddr) -> std::io::Result<TcpSocket> {
    let socket = TcpSocket::new_v4()?;
    // Connections of the socket before it may still be in their last minute.
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    Ok(socket)
}

impl Backend {
    /// Serves, and is away whenever the script says so.
    async fn live(self: Arc<Self>, mut listener: TcpListener, address: SocketAddr) {
        let faults = Arc::clone(&self.faults);
        for away in faults.iter().filter(|fault| fault.kind == Kind::Refuse) {
            tokio::select! {
                () = self.serve(&listener) => {}
                () = sleep_until(self.start + away.from) => {}
            }
            drop(listener);
            // Held without listening, the port cannot go to another program meanwhile.
            let socket = persist(|| bind(address)).await;
            sleep_until(self.start + away.until).await;
            listener = match socket.listen(BACKLOG) {
                Ok(listener) => listener,
                Err(_) => persist(|| bind(address)?.listen(BACKLOG)).await,
            };
        }
        self.serve(&listener).await;
    }

    /// Accepts connections and serves them; dropped, it breaks them off.
    async fn serve(self: &Arc<Self>, listener: &TcpListener) {
        let mut connections = JoinSet::new();
        loop {
            tokio::select! {
                accepted = listener.accept() => match accepted {
                    Ok((stream, _)) => {
                        connections.spawn(Arc::clone(self).connection(stream));
                    }
                    // Out of file descriptors, for example.
                    Err(_) => sleep(RETRY).await,
                },
                Some(_) = connections.join_next() => {}
            }
        }
    }

    async fn connection(self: Arc<Self>, stream: TcpStream) {
        // A connection that refuses the option still works, only slower.
        let _ = stream.set_nodelay(true);
        let answer = service_fn(move |request| {
            let backend = Arc::clone(&self);
            async move { backend.answer(&request).await }
        });
        // A caller that goes away is nothing to report.
        let _ = http1::Builder::new()
            .serve_connection(TokioIo::new(stream), answer)
            .await;
    }

    async fn answer(&self, request: &Request<Incoming>) -> Result<Response<Body>, Infallible> {
        let number = request
            .headers()
            .get(REQUEST_HEADER)
            .and_then(|number| number.to_str().ok()?.parse::<usize>().ok());
        let arrival = number.and_then(|number| self.arrivals.get(number));
        let (Some(number), Some(arrival)) = (number, arrival) else {
            return Ok(with_status(StatusCode::NOT_FOUND));
        };
        self.ledger.reach(number);
        let status = match self.faults.at(self.start.elapsed()) {
            Some(Kind::Errors { share }) if arrival.luck < share => {
                sleep(arrival.latency).await;
                StatusCode::INTERNAL_SERVER_ERROR
            }
            Some(Kind::Slow { latency }) => {
                sleep(latency).await;
                StatusCode::OK
            }
            Some(Kind::Hang) => pending().await,
            _ => {
                sleep(arrival.latency).await;
                StatusCode::OK
            }
        };
        Ok(with_status(status))
    }
}

fn with_status(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Body::from("an order\n"));
    *response.status_mut() = status;
    response
}

/// Tries until it works.
async fn persist<T>(mut attempt: impl FnMut() -> std::io::Result<T>) -> T {
    loop {
        match attempt() {
            Ok(done) => return done,
            Err(_) => sleep(RETRY).await,
        }
    }
}
