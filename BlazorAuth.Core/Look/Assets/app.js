// In the app's own pages: what AuthNavigation and the forms need from a browser.

// Leaves the page with a form post and comes back to it, fragment included.
export function post(action, returnUrl, token) {
  const form = document.createElement("form");
  form.method = "post";
  form.action = action;
  form.hidden = true;
  form.setAttribute("data-enhance", "false");
  for (const [name, value] of [["callbackUrl", returnUrl ?? location.href], ["csrfToken", token]]) {
    if (value) {
      const field = document.createElement("input");
      field.name = name;
      field.value = value;
      form.append(field);
    }
  }
  document.body.append(form);
  // After the call has been answered: leaving the page ends the circuit.
  setTimeout(() => form.submit());
}

// A form that was drawn on the server does not know the fragment of the page it is on.
document.addEventListener("submit", (event) => {
  const field = event.target.querySelector?.("input[data-ba-return]");
  if (field && !field.value.includes("#")) {
    field.value += location.hash;
  }
}, true);
