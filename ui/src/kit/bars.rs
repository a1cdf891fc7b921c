//! A small chart: one bar a bucket, of stacked parts, each telling its figures on hover.

use leptos::prelude::*;

/// What a chart shows.
pub(crate) struct Bars {
    /// The parts of each bar, from the ground up.
    pub(crate) values: Vec<Vec<u64>>,
    /// The tone of each part.
    pub(crate) tones: &'static [&'static str],
    /// What each bar says on hover.
    pub(crate) titles: Vec<String>,
    /// What the chart says in words.
    pub(crate) label: String,
}

/// Draws a chart whose highest bar takes all its height.
pub(crate) fn bars(chart: Bars) -> AnyView {
    let highest = chart
        .values
        .iter()
        .map(|parts| parts.iter().sum())
        .max()
        .unwrap_or(0)
        .max(1);
    let bar = |(parts, title): (Vec<u64>, String)| {
        let part = |(value, tone): (u64, &&'static str)| {
            (value > 0).then(
                || view! { <span data-tone=*tone style:block-size=share(value, highest)></span> },
            )
        };
        let parts = parts.into_iter().zip(chart.tones).map(part).collect_view();
        view! { <span class="bar" title=title>{parts}</span> }
    };
    let drawn = chart
        .values
        .into_iter()
        .zip(chart.titles)
        .map(bar)
        .collect_view();
    view! { <div class="bars" role="img" aria-label=chart.label>{drawn}</div> }.into_any()
}

/// How much of the height `value` takes; what is there at all can be seen.
fn share(value: u64, highest: u64) -> String {
    // In hundredths of the highest first, where that is more than can be multiplied.
    let percent = match value.checked_mul(100) {
        Some(hundredfold) => hundredfold / highest.max(1),
        None => value / (highest / 100).max(1),
    };
    format!("max(2px, {}%)", percent.min(100))
}

#[cfg(test)]
mod tests {
    use super::share;

    #[test]
    fn the_highest_takes_all_and_the_least_can_be_seen() {
        assert_eq!(share(7, 7), "max(2px, 100%)");
        assert_eq!(share(1, 1_000_000), "max(2px, 0%)");
        assert_eq!(share(u64::MAX, u64::MAX), "max(2px, 100%)");
    }
}
