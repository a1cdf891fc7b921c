//! The server from its first act, taking the lock, to its last, letting go of it.

use std::future::Future;
use std::mem;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rustix::process::{Resource, getrlimit, setrlimit};
use sparkq_core::{Code, Refusal};
use sparkq_store::sqlite::{SqliteStore, Writer};
use sparkq_store::{Readers, Store};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use super::folder::RunFolder;
use super::lock::NotTaken;
use super::patience::{Limits, Listening, patient};
use super::waiting::rest;
use super::wake::{removed, same_file, watch_others};
use super::watch::{Onlooker, Watch, Watchers, tidy};
use super::{Held, ServerLock, housekeeping, search};
use crate::api;
use crate::config::{Project, Token};
use crate::entropy;
use crate::queue::{Access, Commits, Error, Queue};

/// How many connections read.
const READERS: usize = 2;

/// How long a server that is to end still accepts connections.
const LAST_CALL: Duration = Duration::from_millis(50);

/// How long open requests may take once the server is to end.
const PATIENCE: Duration = Duration::from_secs(2);

/// How long the writer may take after that.
const LAST_WRITES: Duration = Duration::from_secs(1);

/// What a server is started with.
pub(crate) struct Start {
    /// Whose queue it serves.
    pub(crate) project: Project,
    /// What it watches.
    pub(crate) watch: Watch,
    /// Who is told of the watchers' doings.
    pub(crate) onlooker: Onlooker,
}

/// Serves until SIGTERM or SIGINT. `ready` is told the address once requests are taken.
pub(crate) async fn run(start: Start, ready: impl FnOnce(&str)) -> Result<(), Error> {
    let project = start.project;
    // First of all, so that a signal during the start is not lost.
    let asked_to_end = asked_to_end()?;
    take_all_files();
    let token = Token::of(&project)?;
    let folder = RunFolder::of(&project);
    let mut lock = take_lock(&folder)?;
    lock.start()
        .map_err(|error| io("the lock file cannot be written", &error))?;
    tidy(folder.path()).await;
    let listener = bind(&project).await?;
    let address = listener
        .local_addr()
        .map_err(|error| io("the address cannot be read", &error))?;

    let database = project.database();
    let commits = Commits::new();
    let told = commits.clone();
    let newest = open_newest(&database)?;
    let is_same = same_file(database.clone());
    let committed = move |woken| {
        told.happened(&woken);
        is_same()
    };
    let (writer, writer_thread) = Writer::start(newest, committed, rest(&folder)?)
        .map_err(|error| io("a thread cannot be started", &error))?;
    let readers = (0..READERS)
        .map(|_| open(&database))
        .collect::<Result<_, _>>()?;
    let readers =
        Readers::start(readers).map_err(|error| io("a thread cannot be started", &error))?;
    let ended = Arc::new(AtomicBool::new(false));
    let gone = removed(database.clone());
    let wake = watch_others(open(&database)?, commits.clone(), Arc::clone(&ended))
        .map_err(|error| io("a thread cannot be started", &error))?;

    let queue = Arc::new(Queue::new(
        project.clone(),
        Access::Server {
            writer,
            readers,
            commits: commits.clone(),
        },
        crate::now,
    ));
    queue.save_project().await?;
    let watchers = Watchers::new(folder, Arc::clone(&queue), commits.clone(), start.onlooker);
    watchers.start(start.watch).await?;
    let url = format!("http://{}", from_here(address));
    lock.announce(&url, token.as_ref())
        .map_err(|error| io("the lock file cannot be written", &error))?;
    ready(&url);
    tokio::spawn(warm_up(Arc::clone(&queue)));

    let newest = queue.last_seq().await?;
    let (stopping, stop) = watch::channel(false);
    tokio::spawn(housekeeping::run(Arc::clone(&queue), stop.clone()));
    tokio::spawn(search::run(
        Arc::clone(&queue),
        commits.clone(),
        stop.clone(),
    ));
    let app = api::router(api::App::new(
        queue,
        commits,
        watchers.clone(),
        stop.clone(),
        token,
        newest,
    ));
    let lock = Arc::new(lock);
    let announced = Arc::clone(&lock);
    let lost = Arc::new(AtomicBool::new(false));
    let noted = Arc::clone(&lost);
    serve(listener, app, stop, async move {
        tokio::select! {
            () = asked_to_end => {}
            () = gone => noted.store(true, Ordering::Relaxed),
        }
        // Commands that look for the server from now on wait until it has ended; those that were about to connect
        // are still served.
        announced.retract();
        drop(announced);
        tokio::join!(tokio::time::sleep(LAST_CALL), watchers.stop_all());
        drop(watchers);
        stopping.send_replace(true);
    })
    .await?;

    // Once the last handle of the queue is gone, the writer has committed what it still had, and ends.
    ended.store(true, Ordering::Relaxed);
    let threads = tokio::task::spawn_blocking(move || (writer_thread.join(), wake.join()));
    if tokio::time::timeout(LAST_WRITES, threads).await.is_err() {
        tracing::warn!("the writer was still busy when the server ended");
    }
    // The process lets go of the lock by ending, so who waits for the one has waited for the other.
    mem::forget(lock);
    if lost.load(Ordering::Relaxed) {
        return Err(database_removed(&database).into());
    }
    Ok(())
}

/// Raises the number of files and connections that may be open to what the system allows.
fn take_all_files() {
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    if let Err(error) = setrlimit(Resource::Nofile, limit) {
        tracing::warn!(%error, "the limit of open files stays as it is");
    }
}

/// Why a server ends whose database is no longer where it was.
fn database_removed(database: &Path) -> Refusal {
    Refusal::Project {
        code: Code::DatabaseUnusable,
        message: format!(
            "{} was removed or replaced while the server ran, so the server has ended",
            database.display()
        ),
        hint: "make a new one: sparkq setup --yes".to_owned(),
    }
}

/// Has the plugins ready before the first request needs them. One that is broken stops no server.
async fn warm_up(queue: Arc<Queue>) {
    if let Err(error) = queue.warm_up().await {
        tracing::warn!(%error, "the plugins could not be made ready");
    }
}

/// Serves until `end`, then lets open requests finish for [`PATIENCE`].
async fn serve(
    listener: TcpListener,
    app: axum::Router,
    mut stop: watch::Receiver<bool>,
    end: impl Future<Output = ()> + Send + 'static,
) -> Result<(), Error> {
    let mut late = stop.clone();
    let limits = Limits::default();
    let listening = Listening::new(listener, limits);
    let graceful =
        axum::serve(listening, patient(app, limits)).with_graceful_shutdown(async move {
            // An error means that nobody can stop it any more, so it stops.
            let _ = stop.wait_for(|stopping| *stopping).await;
        });
    tokio::spawn(end);
    tokio::select! {
        served = async { graceful.await } => served.map_err(|error| io("the server ended", &error)),
        () = async { let _ = late.wait_for(|stopping| *stopping).await; tokio::time::sleep(PATIENCE).await } => {
            tracing::warn!("some requests were still open when the server ended");
            Ok(())
        }
    }
}

/// Ends with the first SIGTERM or SIGINT that comes from now on.
pub(crate) fn asked_to_end() -> Result<impl Future<Output = ()> + use<>, Error> {
    let listen = |kind| signal(kind).map_err(|error| io("signals cannot be listened for", &error));
    let mut terminate = listen(SignalKind::terminate())?;
    let mut interrupt = listen(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

/// Takes the server's lock, or says which server has it.
pub(crate) fn take_lock(folder: &RunFolder) -> Result<ServerLock, Error> {
    ServerLock::take(folder).map_err(|error| match error {
        NotTaken::Held(held) => already_running(&held).into(),
        NotTaken::Failed(error) => error,
        NotTaken::Io(error) => io(
            &format!("the lock in {} cannot be taken", folder.path().display()),
            &error,
        ),
    })
}

/// How this machine itself reaches a server at `address`, which may stand for all of its addresses.
fn from_here(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, address.port())
}

/// Why no second server is started beside `held`.
pub(crate) fn already_running(held: &Held) -> Refusal {
    let at = held.address.as_ref().map_or_else(
        || ", and is starting or ending".to_owned(),
        |address| format!(" at {address}"),
    );
    Refusal::Project {
        code: Code::ServerRunning,
        message: format!("a server of this project is running already{at}"),
        hint: "stop it: sparkq stop".to_owned(),
    }
}

async fn bind(project: &Project) -> Result<TcpListener, Error> {
    let server = &project.config.server;
    let address = SocketAddr::new(server.address(), server.port);
    TcpListener::bind(address).await.map_err(|error| {
        Refusal::Project {
            code: Code::ServerRunning,
            message: format!("cannot listen on {address}: {error}"),
            hint: format!(
                "end the program that uses the port, or set another [server] port in {}",
                project.file.display()
            ),
        }
        .into()
    })
}

fn open(database: &Path) -> Result<Box<dyn Store>, Error> {
    Ok(Box::new(SqliteStore::open(database, entropy())?))
}

/// Opens the database, brought up to date: this process has the lock, so nobody else does. Never makes one.
fn open_newest(database: &Path) -> Result<Box<dyn Store>, Error> {
    if !database.try_exists().unwrap_or(true) {
        return open(database);
    }
    Ok(Box::new(SqliteStore::create(database, entropy())?))
}

fn io(what: &str, error: &std::io::Error) -> Error {
    Error::Internal(format!("{what}: {error}"))
}
