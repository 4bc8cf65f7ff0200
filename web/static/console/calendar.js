// The week's form: one press gives Tuesday to Friday the hours of Monday.
const press = document.getElementById('like-monday');
if (press) {
  const EDGES = ['a', 'b', 'c', 'd'];
  const field = (day, edge) => document.getElementById(`d${day}_${edge}`);
  press.hidden = false;
  press.addEventListener('click', () => {
    for (const day of [2, 3, 4, 5]) {
      for (const edge of EDGES) field(day, edge).value = field(1, edge).value;
    }
  });
}
