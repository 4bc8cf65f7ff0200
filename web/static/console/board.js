// The wall board on the whole screen, and back.
(() => {
  const wall = document.getElementById('wall');
  document.getElementById('whole-screen')?.addEventListener('click', () => {
    if (document.fullscreenElement) document.exitFullscreen();
    else wall.requestFullscreen?.();
  });
  // A screen on the wall stays awake for as long as it shows the board.
  const wake = () => {
    if (document.fullscreenElement) navigator.wakeLock?.request('screen').catch(() => {});
  };
  document.addEventListener('fullscreenchange', wake);
  document.addEventListener('visibilitychange', wake);
})();
