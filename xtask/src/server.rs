//! The server on this machine's own address.

use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::sync::Arc;
use std::thread;

use anyhow::{Result, anyhow};

use crate::site::Site;

/// A browser loads a handful of files at once.
const THREADS: usize = 4;

/// Let the system choose the port.
pub const ANY_PORT: u16 = 0;

pub struct Server {
    url: String,
    threads: Vec<thread::JoinHandle<()>>,
}

impl Server {
    /// Serves a site from now on, until the process ends.
    pub fn start(site: Site, port: u16) -> Result<Server> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).map_err(|error| cannot_listen(port, error))?;
        let url = format!("http://{}/", listener.local_addr()?);
        let http = tiny_http::Server::from_listener(listener, None)
            .map_err(|error| anyhow!("The server could not be started: {error}"))?;
        let shared = Arc::new((http, site));
        let answer = || {
            let shared = Arc::clone(&shared);
            thread::spawn(move || {
                let (http, site) = &*shared;
                for request in http.incoming_requests() {
                    // A browser that closes a connection early is no trouble.
                    let _ = site.answer(request);
                }
            })
        };
        Ok(Server { url, threads: (0..THREADS).map(|_| answer()).collect() })
    }

    pub fn url(&self) -> &str {
        &self.url
    }

    /// Waits as long as anything is served: until the user stops the process.
    pub fn wait(self) {
        for thread in self.threads {
            let _ = thread.join();
        }
    }
}

fn cannot_listen(port: u16, error: io::Error) -> anyhow::Error {
    if error.kind() == io::ErrorKind::AddrInUse {
        anyhow!(
            "Port {port} is taken: stop what listens there, \
             or choose another with `--port N` (0 takes any free one)."
        )
    } else {
        anyhow!(error).context(format!("The server cannot listen on port {port}"))
    }
}
