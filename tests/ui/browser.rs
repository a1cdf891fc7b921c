//! Headless Chromium, driven through chromedriver. Both end with the test.

use std::io::{BufRead as _, BufReader};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use fantoccini::error::CmdError;
use fantoccini::{Client, ClientBuilder, Locator};
use serde_json::json;

/// How long a page may take to show something.
const PATIENCE: Duration = Duration::from_secs(20);

/// A browser with one page.
pub(crate) struct Browser {
    pub(crate) page: Client,
    driver: Driver,
}

/// The process of chromedriver, which leads the group its browser is in.
struct Driver(
    Child,
    #[expect(dead_code, reason = "removed when dropped")] tempfile::TempDir,
);

impl Browser {
    pub(crate) async fn start() -> Self {
        let profile = tempfile::tempdir().expect("a folder");
        let mut driver = Command::new("chromedriver")
            .arg("--port=0")
            .stdout(Stdio::piped())
            .process_group(0)
            .spawn()
            .expect("chromedriver is there; `cargo xtask test` says what to install");
        let mut lines = BufReader::new(driver.stdout.take().expect("piped"))
            .lines()
            .map_while(Result::ok);
        let port = lines
            .find_map(|line| port_in(&line))
            .expect("chromedriver says its port");
        let flags = [
            "--headless=new".to_owned(),
            "--no-sandbox".to_owned(),
            "--disable-gpu".to_owned(),
            "--disable-quic".to_owned(),
            "--no-first-run".to_owned(),
            "--disable-background-networking".to_owned(),
            "--disable-component-update".to_owned(),
            "--disable-sync".to_owned(),
            "--disable-dev-shm-usage".to_owned(),
            "--window-size=1280,800".to_owned(),
            format!("--user-data-dir={}", profile.path().display()),
        ];
        let wanted = json!({"goog:chromeOptions": {"args": flags}});
        let driver = Driver(driver, profile);
        let page = ClientBuilder::new(hyper_util::client::legacy::connect::HttpConnector::new())
            .capabilities(wanted.as_object().cloned().unwrap_or_default())
            .connect(&format!("http://127.0.0.1:{port}"))
            .await
            .expect("a browser");
        Self { page, driver }
    }

    /// Waits until something on the page matches `css`.
    pub(crate) async fn wait_for(&self, css: &str) {
        let started = Instant::now();
        loop {
            let left = PATIENCE.saturating_sub(started.elapsed());
            let wait = self.page.wait().at_most(left);
            match wait.for_element(Locator::Css(css)).await {
                Ok(_) => return,
                // While a page gives way to the next one, the driver may have nothing to look at.
                Err(error) if !left.is_zero() && !matches!(error, CmdError::WaitTimeout) => {}
                Err(error) => {
                    let shown = self.page.source().await.unwrap_or_default();
                    panic!("{css} did not appear: {error}\n{shown}");
                }
            }
        }
    }

    /// The text of what matches `css`.
    pub(crate) async fn text(&self, css: &str) -> String {
        self.page
            .find(Locator::Css(css))
            .await
            .expect(css)
            .text()
            .await
            .expect(css)
    }

    /// Leaves a picture of the page among the test's artefacts.
    pub(crate) async fn screenshot(&self, name: &str) -> PathBuf {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("screenshots");
        std::fs::create_dir_all(&folder).expect("made");
        let path = folder.join(format!("{name}.png"));
        std::fs::write(&path, self.page.screenshot().await.expect("a picture")).expect("written");
        path
    }

    pub(crate) async fn end(self) {
        self.page.close().await.expect("the browser ends");
        drop(self.driver);
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // The browser too: it is in its driver's group, and outlives a driver that is killed alone.
        let group = rustix::process::Pid::from_child(&self.0);
        let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
        let _ = self.0.wait();
    }
}

/// The port in `ChromeDriver was started successfully on port 12345.`
fn port_in(line: &str) -> Option<u16> {
    line.strip_suffix('.')?
        .rsplit_once("on port ")?
        .1
        .parse()
        .ok()
}
