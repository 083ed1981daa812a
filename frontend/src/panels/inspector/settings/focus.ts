/** The cursor into the field that a problem is about. */

/** Focuses the control of the field with this address, or of the one that holds it; "" is the first. Its text is selected. */
export function focusField(form: HTMLElement, field: string): void {
  for (const address of [field, field.split(".")[0]!, `inputs.${field}`]) {
    const rows = [...form.querySelectorAll<HTMLElement>("[data-field]")];
    const row = field === "" ? rows[0] : rows.find((one) => one.dataset.field === address);
    const control = row?.querySelector<HTMLElement>("input, select, textarea");
    if (!control) continue;
    control.focus();
    if (control instanceof HTMLInputElement && control.type !== "checkbox") control.select();
    control.scrollIntoView?.({ block: "nearest" });
    return;
  }
}
