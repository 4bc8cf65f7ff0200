// Reads the QR code in a picture, with jsQR; it is fetched when it is first needed.

const SIDES = [1000, 1600, 500]; // pixels of the longer side that are tried in turn
const QUIET = 0.06; // white around the picture: many are cut off at the code's edge

let library = null;

function loaded() {
  library ??= import("/static/vendor/jsQR.js").then(() => window.jsQR);
  return library;
}

// The words of the code; empty when there is none. Refuses what is no picture.
export async function readCode(file) {
  const [decode, picture] = await Promise.all([loaded(), createImageBitmap(file)]);
  for (const side of SIDES) {
    const { data, width, height } = pixels(picture, side);
    const found = decode(data, width, height);
    if (found?.data) return found.data;
  }
  return "";
}

function pixels(picture, side) {
  const scale = Math.min(side / Math.max(picture.width, picture.height), 4);
  const [width, height] = [picture.width, picture.height].map((each) => Math.max(1, Math.round(each * scale)));
  const edge = Math.round(side * QUIET);
  const canvas = Object.assign(document.createElement("canvas"), { width: width + 2 * edge, height: height + 2 * edge });
  const brush = canvas.getContext("2d", { willReadFrequently: true });
  brush.fillStyle = "#fff";
  brush.fillRect(0, 0, canvas.width, canvas.height);
  brush.drawImage(picture, edge, edge, width, height);
  return brush.getImageData(0, 0, canvas.width, canvas.height);
}
