//! A command with a person in front of it: on a terminal, typing.

use std::io::Write as _;
use std::process::Stdio;

use super::{TestQueue, redact};

impl TestQueue {
    /// Runs a command on a terminal of its own, where somebody types `typed`, and shows all that stands there then. The
    /// terminal is made by `script`, which every Debian and every macOS has.
    pub(crate) fn on_terminal<const N: usize>(&self, args: [&str; N], typed: &str) -> String {
        self.typed(args.into_iter(), typed)
    }

    /// The same for any number of arguments.
    pub(crate) fn typed<'a>(&self, args: impl Iterator<Item = &'a str>, typed: &str) -> String {
        let own = self.command();
        let mut command = std::process::Command::new("script");
        command
            .current_dir(own.get_current_dir().expect("a folder"))
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("SHELL", "/bin/sh")
            .env("TERM", "dumb");
        for (name, value) in own.get_envs() {
            command.env(name, value.unwrap_or_default());
        }
        let program = own.get_program().to_string_lossy().into_owned();
        if cfg!(target_os = "macos") {
            command.args(["-q", "/dev/null", &program]).args(args);
        } else {
            let mut words = vec![format!("'{program}'")];
            words.extend(args.map(|word| format!("'{word}'")));
            command.args(["-qec", &words.join(" "), "/dev/null"]);
        }
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("`script` is there");
        // A command that asks nothing may end without reading.
        let _ = child
            .stdin
            .take()
            .expect("piped")
            .write_all(typed.as_bytes());
        let output = child.wait_with_output().expect("it ends");
        let text = String::from_utf8_lossy(&output.stdout).replace('\r', "");
        let folder = std::fs::canonicalize(self.path("")).expect("the folder is there");
        let text = text.replace(&folder.display().to_string(), "[FOLDER]");
        redact(&format!(
            "exit: {}\n{text}",
            output.status.code().unwrap_or(-1)
        ))
    }
}
