//! Keep-alive connections to one server on loopback.

use std::net::SocketAddr;
use std::sync::{Mutex, PoisonError};

use axum::body::{Body, to_bytes};
use axum::http::header::HOST;
use axum::http::{Request, StatusCode};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use crate::ledger::REQUEST_HEADER;

/// The longest body that is read; the answers here are a few bytes.
const BODY_BYTES_MAX: usize = 64 * 1024;

/// Why there was no answer.
#[derive(Debug)]
pub(crate) struct NoAnswer;

/// Connections to one server; each carries one request at a time.
pub(crate) struct Pool {
    server: SocketAddr,
    idle: Mutex<Vec<SendRequest<Body>>>,
}

impl Pool {
    /// No connections yet to `server`.
    pub(crate) fn new(server: SocketAddr) -> Self {
        let idle = Mutex::default();
        Self { server, idle }
    }

    /// Asks for `path` on behalf of `request`, and reads the whole answer. Dropped before that, the connection is closed.
    ///
    /// # Errors
    /// [`NoAnswer`] if the connection is refused or broken off.
    pub(crate) async fn ask(&self, path: &str, request: usize) -> Result<StatusCode, NoAnswer> {
        self.try_ask(path, request).await.map_err(|_| NoAnswer)
    }

    async fn try_ask(&self, path: &str, request: usize) -> anyhow::Result<StatusCode> {
        let mut connection = self.connection().await?;
        let request = Request::get(path)
            .header(HOST, self.server.to_string())
            .header(REQUEST_HEADER, request)
            .body(Body::empty())?;
        let (answer, body) = connection.send_request(request).await?.into_parts();
        // The connection is free for the next request only when this answer has been read to its end.
        to_bytes(Body::new(body), BODY_BYTES_MAX).await?;
        self.idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(connection);
        Ok(answer.status)
    }

    /// An idle connection, or a new one.
    async fn connection(&self) -> anyhow::Result<SendRequest<Body>> {
        while let Some(mut idle) = self.take_idle() {
            // The server may have closed it while it was idle.
            if idle.ready().await.is_ok() {
                return Ok(idle);
            }
        }
        let stream = TcpStream::connect(self.server).await?;
        stream.set_nodelay(true)?;
        let (connection, driver) = handshake(TokioIo::new(stream)).await?;
        tokio::spawn(driver);
        Ok(connection)
    }

    fn take_idle(&self) -> Option<SendRequest<Body>> {
        self.idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop()
    }
}
