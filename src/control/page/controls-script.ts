/** What operators do, each after a question. */
export const controlsScript = `
const confirmed = (question) =>
  new Promise((resolve) => {
    put('confirm-text', question);
    const dialog = $('confirm');
    const settle = (answer) => {
      dialog.onclose = null;
      dialog.close();
      resolve(answer);
    };
    $('confirm-yes').onclick = () => settle(true);
    $('confirm-no').onclick = () => settle(false);
    dialog.onclose = () => resolve(false);
    dialog.showModal();
    $('confirm-no').focus();
  });
const act = async (question, path, method, body, done) => {
  if (!(await confirmed(question))) return;
  try {
    await ask(path, method, body);
    $('done').className = '';
    put('done', done);
  } catch (error) {
    $('done').className = 'bad';
    put('done', error.message);
  }
  refreshSoon();
};
const onClick = (id, action) => $(id).addEventListener('click', action);
onClick('reread', () =>
  act('Read license and options files again?', '/reread', 'POST', {}, 'Files were read again.'),
);
onClick('kill', () => {
  const vendor = $('vendor').value;
  act(
    'Kill the vendor daemon ' + vendor + '? Its clients lose their seats.',
    '/vendors/kill',
    'POST',
    { vendor },
    vendor + ' was killed.',
  );
});
onClick('advance-button', () => {
  const by = $('advance').value.trim();
  act(
    'Advance the clock by ' + by + '?',
    '/clock/advance',
    'POST',
    { by },
    'The clock was advanced by ' + by + '.',
  );
});
onClick('fault-button', () => {
  const fault = $('fault').value.trim();
  act(
    'Put the fault "' + fault + '" in force?',
    '/faults',
    'POST',
    { fault },
    'The fault is in force.',
  );
});
onClick('faults-clear', () =>
  act('End all faults?', '/faults', 'DELETE', {}, 'No fault is in force.'),
);
onClick('reset', () =>
  act(
    'Reset the server? Every seat comes back and every client is cut off.',
    '/reset',
    'POST',
    {},
    'The server begins anew.',
  ),
);
const showVendors = (vendors) => {
  const names = vendors.map((vendor) => vendor.name);
  if ($('vendor').dataset.shown === names.join()) return;
  $('vendor').dataset.shown = names.join();
  $('vendor').replaceChildren(...names.map((name) => element('option', name)));
};
const showFaults = (faults) => {
  const lines = faults
    .slice(0, 50)
    .map((fault) =>
      element(
        'li',
        fault.id + ': ' + fault.text + ' (' + fault.state + ', ' + fault.hits + ' times)',
      ),
    );
  $('faults').replaceChildren(...lines);
};
`;
