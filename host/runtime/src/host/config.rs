//! `config`: the plugin's own table of `sparkq.toml`.

use crate::binding::config::Host;
use crate::instance::State;

impl Host for State {
    /// Built-in plugins have no table; those of third parties come with the settings of their installation.
    fn get(&mut self) -> String {
        "{}".to_owned()
    }
}
