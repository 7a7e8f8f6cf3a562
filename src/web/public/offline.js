// Where one wanted to go is still the address of this page.
addEventListener('online', () => location.reload())
document.querySelector('button').addEventListener('click', () => location.reload())
