// Shows the page as was chosen in its settings, before anything of it is drawn.
try {
  const theme = localStorage.getItem("sparkq-theme");
  if (theme) document.documentElement.dataset.theme = theme;
} catch {
  // A browser that keeps nothing shows it as the system is.
}
