/** The part of WebAssembly that we use; its types otherwise come only with those of a browser. */
declare namespace WebAssembly {
  type Module = object
  function compile(bytes: Uint8Array): Promise<Module>
}
