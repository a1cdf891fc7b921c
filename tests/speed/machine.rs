//! Where all of it runs: what a figure is worth depends on that.

use std::env;
use std::fs::{self, File, OpenOptions};
use std::io::Write as _;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use serde::Serialize;

use crate::table::{micros, quantile};

/// The machine, and the disk that the databases lie on.
#[derive(Debug, Serialize)]
pub(crate) struct Machine {
    /// What the processor calls itself.
    pub(crate) processor: String,
    /// How many threads it runs at a time.
    pub(crate) cores: usize,
    /// Its memory, in MiB.
    pub(crate) memory_mib: u64,
    /// The system's kernel.
    pub(crate) kernel: String,
    /// Where the databases lie.
    pub(crate) disk: String,
    /// What a synced write of 4 KiB takes there, in microseconds: median and 99th percentile.
    pub(crate) sync_us: [f64; 2],
}

impl Machine {
    /// Looks around, and measures the disk.
    pub(crate) fn look() -> Result<Self> {
        let folder = env::temp_dir();
        let word = |file: &str, key: &str| {
            let text = fs::read_to_string(file).unwrap_or_default();
            let line = text.lines().find(|line| line.starts_with(key));
            line.and_then(|line| line.split_once(':'))
                .map(|(_, value)| value.trim().to_owned())
        };
        let kib = word("/proc/meminfo", "MemTotal").and_then(|text| {
            let digits = text.split(' ').next()?;
            digits.parse::<u64>().ok()
        });
        Ok(Self {
            processor: word("/proc/cpuinfo", "model name")
                .unwrap_or_else(|| env::consts::ARCH.to_owned()),
            cores: std::thread::available_parallelism()?.get(),
            memory_mib: kib.unwrap_or_default() / 1024,
            kernel: fs::read_to_string("/proc/sys/kernel/osrelease").map_or_else(
                |_| env::consts::OS.to_owned(),
                |text| text.trim().to_owned(),
            ),
            disk: disk(&folder),
            sync_us: sync(&folder)?,
        })
    }

    /// All of it in one line.
    pub(crate) fn line(&self) -> String {
        format!(
            "{}, {} cores, {:.1} GiB, Linux {}; databases on {}, where a synced write takes {:.0} µs (p99 {:.0} µs)",
            self.processor,
            self.cores,
            f64::from(u32::try_from(self.memory_mib).unwrap_or(u32::MAX)) / 1024.0,
            self.kernel,
            self.disk,
            self.sync_us[0],
            self.sync_us[1],
        )
    }

    /// Whether a sync there is one: in memory it costs nothing, and no figure would say anything.
    pub(crate) fn has_real_disk(&self) -> bool {
        !["tmpfs", "ramfs", "zram", "overlay"]
            .iter()
            .any(|kind| self.disk.contains(kind))
    }
}

/// The file system and device of a folder, as the kernel lists them.
fn disk(folder: &Path) -> String {
    let folder = fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned());
    let mounts = fs::read_to_string("/proc/self/mounts").unwrap_or_default();
    let best = mounts
        .lines()
        .filter_map(|line| {
            let mut words = line.split(' ');
            Some((words.next()?, words.next()?, words.next()?))
        })
        .filter(|(_, point, _)| folder.starts_with(point))
        .max_by_key(|(_, point, _)| point.len());
    best.map_or_else(
        || "unknown".to_owned(),
        |(device, _, kind)| format!("{kind} on {device}"),
    )
}

fn sync(folder: &Path) -> Result<[f64; 2]> {
    let path = folder.join("sync.probe");
    let mut file = OpenOptions::new()
        .create(true)
        .truncate(true)
        .write(true)
        .open(&path)?;
    let times = (0..200)
        .map(|_| timed_sync(&mut file))
        .collect::<Result<Vec<_>>>();
    fs::remove_file(&path)?;
    let mut times = times?;
    Ok([0.5, 0.99].map(|share| micros(quantile(&mut times, share))))
}

fn timed_sync(file: &mut File) -> Result<Duration> {
    let started = Instant::now();
    file.write_all(&[7; 4096])?;
    file.sync_data()?;
    Ok(started.elapsed())
}

/// Where a program is: in `PATH`, and where system programs lie.
pub(crate) fn find(program: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let system = ["/usr/sbin", "/usr/local/sbin"].map(PathBuf::from);
    env::split_paths(&path)
        .chain(system)
        .map(|folder| folder.join(program))
        .find(|file| file.is_file())
}

/// A port that nobody has, for a program that must be told one.
pub(crate) fn free_port() -> Result<u16> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).context("no free port")?;
    Ok(listener.local_addr()?.port())
}
