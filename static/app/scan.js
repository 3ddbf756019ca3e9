// Reads a QR code with the camera: by the browser's own reader, else by jsQR where the portal has it.

const WIDEST = 960;
const EVERY_MILLISECONDS = 150;

async function ownReader() {
  if (!("BarcodeDetector" in window)) return null;
  const formats = await window.BarcodeDetector.getSupportedFormats().catch(() => []);
  if (!formats.includes("qr_code")) return null;
  const detector = new window.BarcodeDetector({ formats: ["qr_code"] });
  return async (canvas) => (await detector.detect(canvas))[0]?.rawValue ?? null;
}

function otherReader() {
  if (typeof window.jsQR !== "function") return null;
  return async (canvas, pen) => {
    const picture = pen.getImageData(0, 0, canvas.width, canvas.height);
    return window.jsQR(picture.data, picture.width, picture.height, { inversionAttempts: "dontInvert" })?.data ?? null;
  };
}

// Calls `found(text)` for each code seen until it returns true, or `failed("camera" | "reader")`; returns how to stop.
export function scan(video, found, failed) {
  let stopped = false;
  let stream = null;
  const stop = () => {
    stopped = true;
    stream?.getTracks().forEach((track) => track.stop());
    video.srcObject = null;
  };
  const begin = async () => {
    const read = (await ownReader()) || otherReader();
    if (!read) return failed("reader");
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" }, audio: false });
    } catch {
      if (!stopped) failed("camera");
      return undefined;
    }
    if (stopped) return stop();
    video.srcObject = stream;
    await video.play().catch(() => undefined);
    return look(video, read, () => stopped, (text) => found(text) && stop());
  };
  begin();
  return stop;
}

async function look(video, read, isStopped, found) {
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  while (!isStopped()) {
    if (video.videoWidth) {
      const scale = Math.min(1, WIDEST / video.videoWidth);
      canvas.width = Math.round(video.videoWidth * scale);
      canvas.height = Math.round(video.videoHeight * scale);
      pen.drawImage(video, 0, 0, canvas.width, canvas.height);
      const text = await read(canvas, pen).catch(() => null);
      if (text && !isStopped()) found(text);
    }
    await new Promise((resolve) => setTimeout(resolve, EVERY_MILLISECONDS));
  }
}
