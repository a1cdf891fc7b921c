//! Says no to a guest that wants more memory than its limit, and remembers it: the trap that follows would not tell why.

use wasmtime::ResourceLimiter;

use crate::limits::Limits;

/// The memory and tables of one instance.
pub(crate) struct MemoryGuard {
    memory: usize,
    memory_limit: usize,
    elements: usize,
    element_limit: usize,
    instances: usize,
    refused: Option<String>,
}

impl MemoryGuard {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self {
            memory: 0,
            memory_limit: limits.memory,
            elements: 0,
            element_limit: limits.table_elements,
            instances: limits.instances,
            refused: None,
        }
    }

    /// Starts a call with a clean slate.
    pub(crate) fn forget_refusal(&mut self) {
        self.refused = None;
    }

    /// What was refused and how much is given, in words; none when everything was given.
    pub(crate) fn refused(&self) -> Option<&str> {
        self.refused.as_deref()
    }
}

impl ResourceLimiter for MemoryGuard {
    fn memory_growing(
        &mut self,
        current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        let total = self.memory.saturating_add(desired.saturating_sub(current));
        if total > self.memory_limit {
            self.refused = Some(format!(
                "{} MiB of memory and may have {}",
                total.div_ceil(1 << 20),
                self.memory_limit >> 20
            ));
            return Ok(false);
        }
        self.memory = total;
        Ok(true)
    }

    fn table_growing(
        &mut self,
        current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        let total = self
            .elements
            .saturating_add(desired.saturating_sub(current));
        if total > self.element_limit {
            self.refused = Some(format!(
                "{total} table elements and may have {}",
                self.element_limit
            ));
            return Ok(false);
        }
        self.elements = total;
        Ok(true)
    }

    fn instances(&self) -> usize {
        self.instances
    }

    fn tables(&self) -> usize {
        self.instances
    }

    fn memories(&self) -> usize {
        self.instances
    }
}
