// The accounts of this telephone with their keys, in the browser's own database.

const DATABASE = "traces-phone-app";
const ACCOUNTS = "accounts";

function opened() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(ACCOUNTS, { keyPath: "device" });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function done(mode, act) {
  const database = await opened();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction(ACCOUNTS, mode);
      const request = act(transaction.objectStore(ACCOUNTS));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => reject(transaction.error);
    });
  } finally {
    database.close();
  }
}

// {device, account, name, codeKey, approvalKey}: the keys are CryptoKeys that cannot be read out.
export async function accounts() {
  return done("readonly", (store) => store.getAll());
}

export async function keep(account) {
  await done("readwrite", (store) => store.put(account));
}

export async function forget(device) {
  await done("readwrite", (store) => store.delete(device));
}
