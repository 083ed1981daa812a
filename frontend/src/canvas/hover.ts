/** What is under the pointer: a wire, and the wire that a dragged node or layer would be inserted in. */
import { create } from "zustand";

export const useHover = create<{ wire: string | null; dropOn: string | null }>(() => ({ wire: null, dropOn: null }));
