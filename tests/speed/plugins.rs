//! What a plugin costs, in this process: to load it, and to have it check a payload.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, anyhow, ensure};
use serde_json::json;
use sparkq_runtime::{Limits, Runtime, Settings};

use crate::Effort;
use crate::plugin_bench::{Project, built_in};
use crate::table::{Durability, Row, micros, millis, quantile};

/// How many checks are timed together: one is over before the clock has moved far.
const TOGETHER: u32 = 50;

pub(crate) fn measure(effort: Effort) -> Result<Vec<Row>> {
    let row = |what: &str, value, unit| Row::new("a plugin", what, value, unit, Durability::None);
    let one_each_time = Limits {
        warm_instances: 0,
        ..Limits::default()
    };
    let cache = tempfile::tempdir()?;
    let cached = Settings {
        cache_dir: Some(cache.path().to_owned()),
        ..Settings::default()
    };
    load(&cached)?;
    let what = "a check of a payload, two calls,";
    Ok(vec![
        row(
            &format!("{what} in a warm instance, median"),
            micros(checks(&Limits::default(), effort)?),
            "µs",
        ),
        row(
            &format!("{what} each in a fresh one, median"),
            micros(checks(&one_each_time, effort)?),
            "µs",
        ),
        row(
            "loaded and described for the first time, compiled, median",
            millis(loads(&Settings::default(), effort)?),
            "ms",
        ),
        row(
            "loaded and described again, from the cache, median",
            millis(loads(&cached, effort)?),
            "ms",
        ),
    ])
}

/// How long it takes to check a payload whose script is in the index.
fn checks(limits: &Limits, effort: Effort) -> Result<Duration> {
    let project = Project::with(limits);
    let payload = json!({ "script_path": "scripts/build.sh" });
    let payload = payload.as_object().context("an object")?;
    let check = || {
        let checked = project
            .runtime
            .check("scripts", &project.run_bash, payload, &project.index);
        checked.map_err(|error| anyhow!("{error:?}"))
    };
    let label = check()?.label;
    ensure!(label.contains("build"), "it was not checked: {label}");
    let mut times = Vec::new();
    for _ in 0..effort.processes {
        let started = Instant::now();
        for _ in 0..TOGETHER {
            check()?;
        }
        times.push(started.elapsed() / TOGETHER);
    }
    Ok(quantile(&mut times, 0.5))
}

/// How long it takes until a plugin that nothing was asked before has said what it is.
fn loads(settings: &Settings, effort: Effort) -> Result<Duration> {
    let times = (0..effort.processes / 3).map(|_| load(settings));
    let mut times: Vec<_> = times.collect::<Result<_>>()?;
    Ok(quantile(&mut times, 0.5))
}

fn load(settings: &Settings) -> Result<Duration> {
    let plugin = built_in("scripts");
    let started = Instant::now();
    let record = Runtime::new(settings.clone(), vec![plugin]).describe("scripts");
    let took = started.elapsed();
    record.map_err(|fault| anyhow!("{fault}")).map(|_| took)
}
