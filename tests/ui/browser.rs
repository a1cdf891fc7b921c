//! Headless Chromium, driven through chromedriver. Both end with the test.

use std::io::{BufRead as _, BufReader};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use fantoccini::actions::{InputSource as _, KeyAction, KeyActions};
use fantoccini::error::CmdError;
use fantoccini::{Client, ClientBuilder, Locator};
use serde_json::{Value, json};

/// How long a page may take to show something.
const PATIENCE: Duration = Duration::from_secs(20);

/// What is narrower than any phone of today.
pub(crate) const NARROW: u32 = 380;

/// Keys as a driver is told them.
pub(crate) const ENTER: &str = "\u{e007}";
pub(crate) const ESCAPE: &str = "\u{e00c}";

/// A browser with one page.
pub(crate) struct Browser {
    pub(crate) page: Client,
    driver: Driver,
    /// Where its driver takes what the standard has no words for.
    session: String,
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
        let wanted = json!({
            "goog:chromeOptions": {"args": flags},
            "goog:loggingPrefs": {"browser": "ALL"},
        });
        let driver = Driver(driver, profile);
        let address = format!("http://127.0.0.1:{port}");
        let page = ClientBuilder::new(hyper_util::client::legacy::connect::HttpConnector::new())
            .capabilities(wanted.as_object().cloned().unwrap_or_default())
            .connect(&address)
            .await
            .expect("a browser");
        let id = page.session_id().await.expect("asked").expect("an id");
        let session = format!("{address}/session/{id}");
        Self {
            page,
            driver,
            session,
        }
    }

    /// Sends the tab in front a command of the browser's own tools.
    pub(crate) fn tools(&self, command: &str, params: &Value) -> Value {
        self.ask_driver(
            "goog/cdp/execute",
            &json!({"cmd": command, "params": params}),
        )
    }

    fn ask_driver(&self, what: &str, body: &Value) -> Value {
        let answer = ureq::post(format!("{}/{what}", self.session)).send_json(body);
        let mut answer = answer.unwrap_or_else(|error| panic!("{what} {body}: {error}"));
        let answer: Value = answer.body_mut().read_json().expect("JSON");
        answer["value"].clone()
    }

    /// Asks for the `dark` or the `light` theme, as the system would.
    pub(crate) fn theme(&self, theme: &str) {
        let feature = json!({"name": "prefers-color-scheme", "value": theme});
        self.tools(
            "Emulation.setEmulatedMedia",
            &json!({ "features": [feature] }),
        );
    }

    /// Makes the page so many pixels wide, also narrower than a window can be.
    pub(crate) fn width(&self, width: u32) {
        let size = json!({"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": false});
        self.tools("Emulation.setDeviceMetricsOverride", &size);
    }

    /// What the console has had to say of errors since it was last asked: failed requests and breaches of the content
    /// security policy too.
    pub(crate) fn console_errors(&self) -> Vec<String> {
        let entries = self.ask_driver("se/log", &json!({"type": "browser"}));
        let entries = entries.as_array().cloned().unwrap_or_default();
        let errors = entries
            .into_iter()
            .filter(|entry| entry["level"] == "SEVERE");
        errors.map(|entry| entry["message"].to_string()).collect()
    }

    /// Runs a script on the page, and gives what it returns.
    pub(crate) async fn run(&self, script: &str) -> Value {
        self.page.execute(script, vec![]).await.expect(script)
    }

    /// Presses keys, one after the other, wherever the focus is.
    pub(crate) async fn press(&self, keys: &str) {
        let mut actions = KeyActions::new("keyboard".to_owned());
        for value in keys.chars() {
            actions = actions.then(KeyAction::Down { value });
            actions = actions.then(KeyAction::Up { value });
        }
        self.page.perform_actions(actions).await.expect(keys);
    }

    /// Waits until a script returns true; a test that waits too long says what it returned last.
    pub(crate) async fn until(&self, what: &str, script: &str) {
        let started = Instant::now();
        loop {
            let said = self.page.execute(script, vec![]).await;
            if said.as_ref().is_ok_and(|said| *said == true) {
                return;
            }
            assert!(
                started.elapsed() < PATIENCE,
                "waited too long until {what}: {said:?}\n{}",
                self.page.source().await.unwrap_or_default()
            );
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
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

    /// Waits until the focus is on what matches `css`.
    pub(crate) async fn focus_on(&self, css: &str) {
        let script = format!("return document.activeElement.matches(`{css}`)");
        self.until(css, &script).await;
    }

    /// Clicks what matches `css`, once it is there.
    pub(crate) async fn click(&self, css: &str) {
        self.wait_for(css).await;
        let found = self.page.find(Locator::Css(css)).await.expect(css);
        found.click().await.expect(css);
    }

    /// Types `text` into the control at `css`, in place of what is there.
    pub(crate) async fn fill(&self, css: &str, text: &str) {
        self.wait_for(css).await;
        let field = self.page.find(Locator::Css(css)).await.expect(css);
        field.clear().await.expect(css);
        field.send_keys(text).await.expect(css);
    }

    /// Leaves a picture of the page among the test's artefacts.
    pub(crate) async fn screenshot(&self, name: &str) -> PathBuf {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("screenshots");
        std::fs::create_dir_all(&folder).expect("made");
        let path = folder.join(format!("{name}.png"));
        std::fs::write(&path, self.page.screenshot().await.expect("a picture")).expect("written");
        path
    }

    /// Leaves pictures of the page as it is: dark, light, and narrow, where nothing may be wider than the window.
    pub(crate) async fn pictures(&self, name: &str) {
        self.theme("dark");
        self.painted().await;
        self.screenshot(&format!("{name}-dark")).await;
        self.theme("light");
        self.painted().await;
        self.screenshot(&format!("{name}-light")).await;
        self.theme("dark");
        self.width(NARROW);
        self.painted().await;
        let overflow =
            "return document.documentElement.scrollWidth - document.documentElement.clientWidth";
        let overflow = self.run(overflow).await;
        self.screenshot(&format!("{name}-narrow")).await;
        assert_eq!(overflow, 0, "{name} is wider than its window");
        self.tools("Emulation.clearDeviceMetricsOverride", &json!({}));
    }

    /// Waits until the page has been painted as it is now.
    async fn painted(&self) {
        let script = "requestAnimationFrame(() => requestAnimationFrame(arguments[0]))";
        let painted = self.page.execute_async(script, vec![]).await;
        painted.expect("the page is painted");
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
