// The demo's sign-in page: a click on a person fills in the form.
document.addEventListener("click", (event) => {
  const person = event.target.closest("[data-demo-email]");
  if (!person) return;
  document.getElementById("id_login").value = person.dataset.demoEmail;
  document.getElementById("id_password").value = person.dataset.demoPassword;
  document.querySelector("[data-sign-in]").focus();
});
