//! `config`: the plugin's own table of `sparkq.toml`.

use crate::binding::config::Host;
use crate::instance::State;

impl Host for State {
    fn get(&mut self) -> String {
        self.setup.config.to_string()
    }
}
