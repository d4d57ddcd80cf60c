// A theme that was chosen with the switch holds before anything is painted.
try {
  const theme = localStorage.getItem('unstuck.theme')
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
} catch {
  // Without storage the system decides.
}
