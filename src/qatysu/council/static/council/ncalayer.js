// qatysu — signing with NCALayer, a program on the signer's own computer. Without this file a container made elsewhere is uploaded.
"use strict";
(() => {
  const ADDRESS = "wss://127.0.0.1:13579/";
  const WAIT_MS = 5 * 60 * 1000;

  const toBase64 = (bytes) => {
    let text = "";
    for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
    return btoa(text);
  };
  const request = (data) => JSON.stringify({
    module: "kz.gov.pki.knca.basics", method: "sign", args: {
      allowedStorages: ["PKCS12", "AKKZIDCardStore", "AKKaztokenStore"], format: "cms", data,
      signingParams: { decode: true, encapsulate: false, digested: false, tsaProfile: {} },
      signerParams: { extKeyUsageOids: ["1.3.6.1.5.5.7.3.4"] }, locale: document.documentElement.lang,
    },
  });
  // Beginnings and ends that PEM puts around the Base64 are taken off; the server takes either.
  const containerOf = (answer) => {
    const found = answer.body?.result ?? answer.responseObject;
    const text = Array.isArray(found) ? found[0] : found;
    return typeof text === "string" && text ? text : null;
  };
  const isCancelled = (answer) => JSON.stringify(answer).includes("USER_CANCELED") || (answer.status === true && !answer.body?.result);

  const sign = (data) => new Promise((resolve, reject) => {
    let socket, asked = false;
    try { socket = new WebSocket(ADDRESS); } catch { reject(new Error("away")); return; }
    const late = setTimeout(() => { socket.close(); reject(new Error("failed")); }, WAIT_MS);
    const end = (act) => { clearTimeout(late); socket.onclose = socket.onerror = null; socket.close(); act(); };
    const ask = () => { if (!asked) { asked = true; socket.send(request(data)); } };
    socket.onopen = () => setTimeout(ask, 300);
    socket.onerror = socket.onclose = () => { clearTimeout(late); reject(new Error(asked ? "failed" : "away")); };
    socket.onmessage = ({ data: said }) => {
      let answer;
      try { answer = JSON.parse(said); } catch { return; }
      // The greeting names the version; then the question may be put.
      if (answer.result?.version) { ask(); return; }
      if (!asked) return;
      const container = containerOf(answer);
      if (container) end(() => resolve(container));
      else end(() => reject(new Error(isCancelled(answer) ? "cancelled" : "failed")));
    };
  });

  for (const form of document.querySelectorAll("[data-ncalayer]")) {
    const line = form.querySelector("[role=status]");
    const button = form.querySelector("button");
    form.hidden = false;
    form.addEventListener("submit", async (event) => {
      if (form.elements.container.value) return;
      event.preventDefault();
      button.disabled = true;
      line.textContent = form.dataset.busy;
      try {
        const answer = await fetch(form.dataset.text, { credentials: "same-origin" });
        if (!answer.ok) throw new Error("failed");
        form.elements.container.value = await sign(toBase64(new Uint8Array(await answer.arrayBuffer())));
        form.submit();
      } catch (trouble) {
        line.textContent = form.dataset[trouble.message] ?? form.dataset.failed;
        button.disabled = false;
      }
    });
  }
})();
