//! `config`: the plugin's own table of `sparkq.toml`, and the variables that it was granted.

use crate::binding::config::Host;
use crate::instance::State;

impl Host for State {
    fn get(&mut self) -> String {
        self.setup.config.to_string()
    }

    fn env(&mut self, name: String) -> Option<String> {
        self.setup.grants.env.get(&name).cloned()
    }
}
