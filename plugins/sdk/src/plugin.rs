//! Tools as the exports of a component: what [`plugin!`](crate::plugin) calls.

use serde_json::Value;

use crate::issues::Issues;
use crate::results::{Checked, Run, Verdict};
use crate::tool::{Judge, Tool};
use crate::tools::Definition;
use crate::types::{Fault, Issue};
use crate::{about, define, fault, json, payloads, result, schema};

/// Makes tools the exports of this component, with name, version and license as its manifest says them:
/// `plugin!(tools: Greet, Part)`, and `plugin!(tools: Greet, Part; results: Greet)` where results of some are looked at.
///
/// Once in a crate, beside the types or where they are in scope. Does nothing on other targets than `wasm32` but to look
/// whether it would do.
#[macro_export]
macro_rules! plugin {
    (tools: $($tool:ty),+ $(; results: $($judge:ty),+)? $(,)?) => {
        struct Exported;

        impl $crate::about::Guest for Exported {
            fn get() -> $crate::about::Info {
                let mut info = $crate::about_this_crate!();
                $($crate::plugin::ask::<$tool>(&mut info.needs);)+
                info
            }
        }

        impl $crate::tools::Guest for Exported {
            fn definitions() -> ::std::result::Result<
                ::std::vec::Vec<$crate::tools::Definition>,
                $crate::types::Fault,
            > {
                let definitions = ::std::vec![$($crate::plugin::definition::<$tool>()?),+];
                $($(let definitions = $crate::plugin::promise::<$judge>(definitions);)+)?
                Ok(definitions)
            }
        }

        impl $crate::payloads::Guest for Exported {
            fn validate(
                tool: ::std::string::String,
                payload: $crate::types::Json,
            ) -> ::std::result::Result<::std::vec::Vec<$crate::types::Issue>, $crate::types::Fault> {
                $(
                    if tool == <$tool as $crate::Tool>::NAME {
                        return $crate::plugin::validate::<$tool>(&payload);
                    }
                )+
                Err($crate::fault::unknown_tool(&tool))
            }

            fn normalize(
                tool: ::std::string::String,
                payload: $crate::types::Json,
            ) -> ::std::result::Result<$crate::payloads::Normalized, $crate::types::Fault> {
                $(
                    if tool == <$tool as $crate::Tool>::NAME {
                        return $crate::plugin::normalize::<$tool>(&payload);
                    }
                )+
                Err($crate::fault::unknown_tool(&tool))
            }
        }

        $crate::export!(Exported: about, tools, payloads);

        $(
            impl $crate::results::Guest for Exported {
                fn check(
                    run: $crate::results::Run,
                ) -> ::std::result::Result<$crate::results::Checked, $crate::types::Fault> {
                    $(
                        if run.tool == <$judge as $crate::Tool>::NAME {
                            return $crate::plugin::judge::<$judge>(&run);
                        }
                    )+
                    $crate::plugin::leave(&run)
                }
            }

            $crate::export!(Exported: results);
        )?
    };
}

/// The definition of a tool.
#[doc(hidden)]
pub fn definition<T: Tool>() -> Result<Definition, Fault> {
    let value = |payload: &T::Payload| serde_json::to_value(payload).map_err(fault::internal);
    let examples = T::examples().into_iter();
    let examples = examples.map(|(title, payload)| Ok((title, value(&payload)?)));
    Ok(define::Tool {
        name: T::NAME,
        title: T::TITLE,
        description: T::DESCRIPTION,
        guide: T::GUIDE,
        task_class: T::TASK_CLASS,
        timeout_seconds: T::TIMEOUT_SECONDS,
        payload_schema: schema::of::<T::Payload>(),
        template: value(&T::template())?,
        examples: examples.collect::<Result<Vec<(&str, Value)>, Fault>>()?,
        hints: T::HINTS,
    }
    .into())
}

/// Definitions, the tool's own with the schema of its results.
#[doc(hidden)]
#[must_use]
pub fn promise<T: Judge>(mut definitions: Vec<Definition>) -> Vec<Definition> {
    for definition in &mut definitions {
        if definition.name == T::NAME {
            definition.result_schema = Some(schema::of::<T::Result>().to_string());
        }
    }
    definitions
}

/// Adds what a tool asks for, each grant once.
#[doc(hidden)]
pub fn ask<T: Tool>(needs: &mut Vec<about::Need>) {
    for need in T::NEEDS {
        match needs.iter_mut().find(|known| known.grant == need.grant) {
            Some(known) => known.optional &= need.optional,
            None => needs.push(about::Need {
                grant: need.grant.to_owned(),
                why: need.why.to_owned(),
                optional: need.optional,
            }),
        }
    }
}

/// Every finding about a payload.
#[doc(hidden)]
pub fn validate<T: Tool>(payload: &str) -> Result<Vec<Issue>, Fault> {
    let mut issues = Issues::default();
    T::validate(&json::read(payload)?, &mut issues);
    Ok(issues.into_vec())
}

/// A payload in its canonical form.
#[doc(hidden)]
pub fn normalize<T: Tool>(payload: &str) -> Result<payloads::Normalized, Fault> {
    let normalized = T::normalize(json::read(payload)?);
    Ok(payloads::Normalized {
        payload: json::write(&normalized.payload)?,
        label: normalized.label,
        dedupe_key: normalized.dedupe_key,
        task_class: normalized.task_class,
        timeout_seconds: normalized.timeout_seconds,
        attrs: Vec::new(),
    })
}

/// What is to be said of a result.
///
/// One that does not fit the type is left to the host, which holds it to the tool's schema and tells what is wrong where.
#[doc(hidden)]
pub fn judge<T: Judge>(run: &Run) -> Result<Checked, Fault> {
    let Ok(read) = serde_json::from_str(&run.reported) else {
        return leave(run);
    };
    let mut issues = Issues::default();
    T::judge(&json::read(&run.payload)?, &read, run, &mut issues);
    Ok(result::reported(run)?.judged(issues))
}

/// Leaves a result as it was handed in.
#[doc(hidden)]
pub fn leave(run: &Run) -> Result<Checked, Fault> {
    let checked = result::reported(run)?.judged(Issues::default());
    Ok(Checked {
        verdict: Verdict::Unsure,
        ..checked
    })
}

/// What a manifest says; none where it is silent.
#[doc(hidden)]
#[must_use]
pub fn said(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

#[cfg(test)]
mod tests;
